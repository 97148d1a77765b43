package io.github.pixelwise.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import io.github.pixelwise.internal.file.CacheFolders;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelFile;
import io.github.pixelwise.zoo.internal.transfer.Download;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fetching from a server on this host; after every test the cache is looked through. */
class FetcherTest {
  private static final byte[] CHECKPOINT = Checkpoints.noise(300_000);
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Duration SHORT = Duration.ofMillis(300);
  private static SSLContext certificate;

  @TempDir private Path folder;
  private Path cache;
  private Fetcher fetcher;

  @BeforeAll
  static void makeACertificate(@TempDir Path keys) throws Exception {
    certificate = Server.certificate(keys);
  }

  FetcherTest(@TempDir Path folder) {
    cache = folder.resolve("cache");
    fetcher = fetcher(cache, Checkpoints::copy);
  }

  private static Fetcher fetcher(Path cache, CheckpointConverter converter) {
    return fetcher(cache, converter, PATIENCE, PATIENCE);
  }

  private static Fetcher fetcher(
      Path cache, CheckpointConverter converter, Duration answer, Duration silence) {
    return new Fetcher(
        new CacheFolders(List.of(cache)),
        () -> Server.download(certificate, answer, silence),
        converter);
  }

  private static List<String> files(Path cache) throws IOException {
    if (!Files.exists(cache)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(cache)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> cache.relativize(file).toString().replace('\\', '/'))
          .sorted()
          .toList();
    }
  }

  private void requireNothingButTheLock() throws IOException {
    assertThat(files(cache)).isSubsetOf("zoo/.noise.lock");
    assertThat(cache.resolve("zoo")).isDirectoryNotContaining(Files::isDirectory);
  }

  private void requireOnlyTheModel() throws IOException {
    assertThat(files(cache))
        .containsExactly("zoo/.noise.lock", "zoo/noise/noise.onnx", "zoo/noise/noise.properties");
    assertThat(cache.resolve("zoo/noise/noise.onnx")).hasBinaryContent(CHECKPOINT);
  }

  /** Fetches from a server that answers so, which must fail with a message. */
  private void requireFailure(Server.Answer answer, String... messageParts) throws IOException {
    try (Server server = Server.https(certificate, answer)) {
      URI address = server.address("/models/noise.pth");
      assertThatThrownBy(
              () -> fetcher.fetch(Checkpoints.entry(address, CHECKPOINT), null, FetchProgress.NONE))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("cannot fetch noise from " + address + ": ")
          .hasMessageContaining(
              "; expected 300,000 bytes with the SHA-256 " + Checkpoints.sha256(CHECKPOINT) + ". ")
          .hasMessageEndingWith(
              "Try again, or download the file in another way and pass it to 'segment models "
                  + "fetch"
                  + " noise --from FILE'.")
          .hasMessageContainingAll(messageParts);
    }
    requireNothingButTheLock();
  }

  private static void send(HttpExchange exchange) throws IOException {
    Server.send(exchange, 200, CHECKPOINT);
  }

  @Test
  void aModelIsFetchedOnceAndTellsItsProgress() throws IOException {
    List<String> phases = new ArrayList<>();
    List<Long> done = new ArrayList<>();
    FetchProgress progress =
        (phase, bytes, total) -> {
          if (phases.isEmpty() || !phases.get(phases.size() - 1).startsWith(phase.name())) {
            phases.add(phase + " " + total);
          }
          done.add(bytes);
        };
    try (Server server = Server.https(certificate, FetcherTest::send)) {
      ZooEntry entry = Checkpoints.entry(server.address("/models/noise.pth"), CHECKPOINT);

      ModelCard model = fetcher.fetch(entry, null, progress);

      assertThat(model.name()).isEqualTo("noise");
      assertThat(model.files())
          .extracting(ModelFile::location)
          .containsExactly(cache.toRealPath().resolve("zoo/noise/noise.onnx").toUri());
      assertThat(phases)
          .containsExactly(
              "DOWNLOADING " + OptionalLong.of(300_000), "CONVERTING " + OptionalLong.empty());
      assertThat(done.subList(0, done.size() - 1)).isSorted().endsWith(300_000L);
      requireOnlyTheModel();

      assertThat(fetcher.fetch(entry, null, progress)).isEqualTo(model);
      assertThat(server.requests()).containsExactly("/models/noise.pth");
    }
  }

  @Test
  void aCheckpointIsFetchedOnceAndAgainIfItIsDamaged() throws IOException {
    try (Server server = Server.https(certificate, FetcherTest::send)) {
      ZooEntry entry = Checkpoints.entry(server.address("/models/noise.pth"), CHECKPOINT);

      Path file = fetcher.checkpoint(entry, FetchProgress.NONE);
      assertThat(file)
          .isEqualTo(cache.toRealPath().resolve("zoo/noise.pth"))
          .hasBinaryContent(CHECKPOINT);

      assertThat(fetcher.checkpoint(entry, FetchProgress.NONE)).hasBinaryContent(CHECKPOINT);
      assertThat(server.requests()).hasSize(1);

      Files.write(file, new byte[300_000]);
      assertThat(fetcher.checkpoint(entry, FetchProgress.NONE)).hasBinaryContent(CHECKPOINT);
      assertThat(server.requests()).hasSize(2);
      assertThat(files(cache)).containsExactly("zoo/.noise.lock", "zoo/noise.pth");
    }
  }

  @Test
  void aCheckpointThatCannotBeFetchedMayComeFromElsewhere() {
    ZooEntry entry = Checkpoints.entry(URI.create("https://localhost:1/noise.pth"), CHECKPOINT);

    assertThatThrownBy(() -> fetcher.checkpoint(entry, FetchProgress.NONE))
        .isInstanceOf(IOException.class)
        .hasMessageEndingWith(
            ". Try again, or download the file in another way and pass the file.");
  }

  @Test
  void theFirstDigitsOfAHashAreEnoughWhereNoMoreAreKnown() throws IOException {
    String digits = Checkpoints.sha256(CHECKPOINT).substring(0, 8);
    try (Server server = Server.https(certificate, FetcherTest::send)) {
      fetcher.fetch(
          Checkpoints.entry(server.address("/"), 333_333, digits), null, FetchProgress.NONE);
      requireOnlyTheModel();

      assertThatThrownBy(
              () ->
                  fetcher(folder.resolve("other"), Checkpoints::copy)
                      .fetch(
                          Checkpoints.entry(server.address("/"), 333_333, "00000000"),
                          null,
                          FetchProgress.NONE))
          .hasMessageContaining(
              "it has 300,000 bytes with the SHA-256 %s; expected about 0.3 MB with a SHA-256 that"
                      .formatted(Checkpoints.sha256(CHECKPOINT))
                  + " begins with 00000000.");
    }
  }

  @Test
  void redirectsAreFollowed() throws IOException {
    try (Server server =
        Server.https(
            certificate,
            exchange -> {
              if (exchange.getRequestURI().getPath().equals("/old/noise.pth")) {
                Server.redirect(exchange, "../new/noise.pth");
              } else {
                send(exchange);
              }
            })) {
      fetcher.fetch(
          Checkpoints.entry(server.address("/old/noise.pth"), CHECKPOINT),
          null,
          FetchProgress.NONE);

      assertThat(server.requests()).containsExactly("/old/noise.pth", "/new/noise.pth");
      requireOnlyTheModel();
    }
  }

  @Test
  void redirectsAwayFromHttpsAreNotFollowed() throws IOException {
    requireFailure(
        exchange -> Server.redirect(exchange, "http://192.0.2.1/noise.pth"),
        "it redirects to http://192.0.2.1/noise.pth, which is not HTTPS");
    requireFailure(
        exchange -> Server.redirect(exchange, "http://localhost/noise.pth"),
        "it redirects to http://localhost/noise.pth, which is not HTTPS");
    requireFailure(
        exchange -> Server.redirect(exchange, "file:///etc/passwd"),
        "it redirects to file:///etc/passwd, which is not HTTPS");
    requireFailure(
        exchange -> Server.redirect(exchange, "no address"), "it redirects to \"no address\"");
  }

  @Test
  void redirectsInACircleEnd() throws IOException {
    requireFailure(exchange -> Server.redirect(exchange, "/"), "it redirects more than 5 times");
  }

  @Test
  void refusalsOfTheServerAreTold() throws IOException {
    requireFailure(
        exchange -> Server.send(exchange, 404, new byte[10]),
        "the server responded with status 404");
    requireFailure(
        exchange -> Server.send(exchange, 500, CHECKPOINT), "the server responded with status 500");
  }

  @Test
  void pagesAreToldFromCheckpoints() throws IOException {
    requireFailure(
        exchange -> {
          exchange.getResponseHeaders().add("Content-Type", "text/html; charset=utf-8");
          Server.send(exchange, 200, "<!DOCTYPE html>".getBytes(StandardCharsets.US_ASCII));
        },
        "it is a web page (text/html), probably a login or error page");
  }

  @Test
  void anotherFileIsRefused() throws IOException {
    byte[] tampered = CHECKPOINT.clone();
    tampered[200_000] ^= 1;

    requireFailure(
        exchange -> Server.send(exchange, 200, tampered),
        "it has 300,000 bytes with the SHA-256 " + Checkpoints.sha256(tampered));
  }

  @Test
  void aWrongLengthIsRefusedBeforeItIsDownloaded() throws IOException {
    requireFailure(
        exchange -> Server.send(exchange, 200, Arrays.copyOf(CHECKPOINT, 299_999)),
        "it has 299,999 bytes");
    requireFailure(
        exchange -> exchange.sendResponseHeaders(200, 1L << 40), "it has 1,099,511,627,776 bytes");
  }

  @Test
  void aLengthThatIsNotAnnouncedIsBounded() throws IOException {
    requireFailure(
        exchange -> {
          exchange.sendResponseHeaders(200, 0); // in chunks
          exchange.getResponseBody().write(CHECKPOINT, 0, 1000);
        },
        "it has 1,000 bytes");
    requireFailure(
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          OutputStream out = exchange.getResponseBody();
          while (true) { // until the client hangs up
            out.write(CHECKPOINT);
          }
        },
        "it has more than 300,000 bytes");
  }

  @Test
  void aDroppedConnectionIsTold() throws IOException {
    requireFailure(
        exchange -> {
          exchange.sendResponseHeaders(200, CHECKPOINT.length);
          exchange.getResponseBody().write(CHECKPOINT, 0, 100_000);
        },
        "the connection broke after 100,000 bytes (");
  }

  @Test
  void aServerThatFallsSilentIsGivenUp() throws IOException {
    CountDownLatch end = new CountDownLatch(1);
    fetcher = fetcher(cache, Checkpoints::copy, PATIENCE, SHORT);
    requireFailure(
        exchange -> {
          exchange.sendResponseHeaders(200, CHECKPOINT.length);
          exchange.getResponseBody().write(CHECKPOINT, 0, 100_000);
          exchange.getResponseBody().flush();
          await(end);
        },
        "no data received for 0.3 s after ");
    fetcher = fetcher(cache, Checkpoints::copy, SHORT, PATIENCE);
    requireFailure(exchange -> await(end), "no response within 0.3 s");
    end.countDown();
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IOException(e); // the server ends
    }
  }

  @Test
  void aServerThatIsNotThereIsTold() throws IOException {
    URI address;
    try (Server server = Server.https(certificate, FetcherTest::send)) {
      address = server.address("/noise.pth");
    }

    assertThatThrownBy(
            () -> fetcher.fetch(Checkpoints.entry(address, CHECKPOINT), null, FetchProgress.NONE))
        .hasMessageStartingWith("cannot fetch noise from " + address + ": no connection (")
        .hasMessageContaining(
            "; if you are behind a proxy, set -Dhttps.proxyHost and -Dhttps.proxyPort; expected ");
    requireNothingButTheLock();
  }

  @Test
  void aHostWhoseNameIsNotKnownIsTold() throws IOException {
    URI address = URI.create("https://download.invalid/noise.pth"); // never the name of a host

    assertThatThrownBy(
            () -> fetcher.fetch(Checkpoints.entry(address, CHECKPOINT), null, FetchProgress.NONE))
        .hasMessageStartingWith(
            "cannot fetch noise from "
                + address
                + ": no connection (unknown host); if you are behind a proxy, ");
    requireNothingButTheLock();
  }

  @Test
  void aCertificateThatNobodyKnowsIsRefused() throws IOException {
    try (Server server = Server.https(certificate, FetcherTest::send)) {
      Fetcher real =
          new Fetcher(new CacheFolders(List.of(cache)), Download::standard, Checkpoints::copy);

      assertThatThrownBy(
              () ->
                  real.fetch(
                      Checkpoints.entry(server.address("/"), CHECKPOINT), null, FetchProgress.NONE))
          .hasMessageContaining(": no secure connection (");
      assertThat(server.requests()).isEmpty();
    }
    requireNothingButTheLock();
  }

  @Test
  void aCheckpointOnDiskIsTakenAndKept() throws IOException {
    Path file = Files.write(folder.resolve("noise.pth"), CHECKPOINT);
    List<FetchProgress.Phase> phases = new ArrayList<>();

    fetcher.fetch(
        Checkpoints.entry(URI.create("https://192.0.2.1/"), CHECKPOINT),
        file,
        (phase, done, total) -> phases.add(phase));

    requireOnlyTheModel();
    assertThat(file).hasBinaryContent(CHECKPOINT);
    assertThat(phases)
        .startsWith(FetchProgress.Phase.CHECKING)
        .endsWith(FetchProgress.Phase.CONVERTING);
  }

  @Test
  void anotherCheckpointOnDiskIsRefused() throws IOException {
    ZooEntry entry = Checkpoints.entry(URI.create("https://192.0.2.1/"), CHECKPOINT);
    byte[] tampered = CHECKPOINT.clone();
    tampered[0] ^= 1;
    Path other = Files.write(folder.resolve("other.pth"), tampered);
    Path cut = Files.write(folder.resolve("cut.pth"), Arrays.copyOf(CHECKPOINT, 1000));
    Path missing = folder.resolve("missing.pth");
    String expected =
        "; expected 300,000 bytes with the SHA-256 %s. To convert your own weights, use 'segment"
                .formatted(Checkpoints.sha256(CHECKPOINT))
            + " models convert'.";

    assertThatThrownBy(() -> fetcher.fetch(entry, other, FetchProgress.NONE))
        .hasMessage(
            "cannot fetch noise from %s: it has 300,000 bytes with the SHA-256 %s%s"
                .formatted(other, Checkpoints.sha256(tampered), expected));
    assertThatThrownBy(() -> fetcher.fetch(entry, cut, FetchProgress.NONE))
        .hasMessage("cannot fetch noise from " + cut + ": it has 1,000 bytes" + expected);
    assertThatThrownBy(() -> fetcher.fetch(entry, missing, FetchProgress.NONE))
        .hasMessage(
            "cannot fetch noise from %s: there is no such file or folder%s"
                .formatted(missing, expected));
    requireNothingButTheLock();
  }

  @Test
  void aFullDiskWhileConvertingIsTold() throws IOException {
    Fetcher full =
        fetcher(
            cache,
            (checkpoint, entry, target) -> {
              Files.write(target.resolve("half.onnx"), new byte[100]);
              throw new IOException("No space left on device");
            });
    try (Server server = Server.https(certificate, FetcherTest::send)) {
      assertThatThrownBy(
              () ->
                  full.fetch(
                      Checkpoints.entry(server.address("/"), CHECKPOINT), null, FetchProgress.NONE))
          .isInstanceOf(IOException.class)
          .hasMessage(
              "cannot fetch noise: its file cannot be converted in %s: No space left on device"
                  .formatted(cache.toRealPath().resolve("zoo")));
    }
    requireNothingButTheLock();
  }

  @Test
  void aModelWithoutItsFilesIsNotKept() throws IOException {
    Path file = Files.write(folder.resolve("noise.pth"), CHECKPOINT);
    Fetcher forgetful =
        fetcher(
            cache,
            (checkpoint, entry, target) -> {
              Checkpoints.copy(checkpoint, entry, target);
              Files.delete(target.resolve("noise.onnx"));
            });

    assertThatThrownBy(
            () ->
                forgetful.fetch(
                    Checkpoints.entry(URI.create("https://192.0.2.1/"), CHECKPOINT),
                    file,
                    FetchProgress.NONE))
        .hasMessageContaining("noise.onnx is missing");
    requireNothingButTheLock();
  }

  @Test
  void aCacheThatCannotBeWrittenIsTold() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));

    assertThatThrownBy(
            () ->
                fetcher(file, Checkpoints::copy)
                    .fetch(
                        Checkpoints.entry(URI.create("https://192.0.2.1/"), CHECKPOINT),
                        null,
                        FetchProgress.NONE))
        .hasMessage(
            ("cannot fetch noise: no cache folder is writable: %s/zoo: Not a directory. Set"
                    + " -Dpixelwise.cache or PIXELWISE_CACHE to a writable folder of your own, or to one that already holds the model.")
                .formatted(file));
  }

  @Test
  void anInterruptEndsADownload() throws IOException {
    CountDownLatch end = new CountDownLatch(1);
    Thread fetching = Thread.currentThread();
    try (Server server =
        Server.https(
            certificate,
            exchange -> {
              exchange.sendResponseHeaders(200, CHECKPOINT.length);
              fetching.interrupt();
              await(end);
            })) {
      assertThatThrownBy(
              () ->
                  fetcher.fetch(
                      Checkpoints.entry(server.address("/"), CHECKPOINT), null, FetchProgress.NONE))
          .isInstanceOf(InterruptedIOException.class)
          .hasMessage("fetching noise was interrupted");
    }
    assertThat(Thread.interrupted()).isTrue();
    end.countDown();
    requireNothingButTheLock();
  }

  @Test
  void whatAProgressThrowsEndsADownload() throws IOException {
    try (Server server = Server.https(certificate, FetcherTest::send)) {
      assertThatThrownBy(
              () ->
                  fetcher.fetch(
                      Checkpoints.entry(server.address("/"), CHECKPOINT),
                      null,
                      (phase, done, total) -> {
                        throw new IllegalStateException("enough");
                      }))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("enough");
    }
    requireNothingButTheLock();
  }

  @Test
  void aDamagedModelIsFetchedAgain() throws IOException {
    try (Server server = Server.https(certificate, FetcherTest::send)) {
      ZooEntry entry = Checkpoints.entry(server.address("/"), CHECKPOINT);
      Path model = cache.resolve("zoo/noise");
      fetcher.fetch(entry, null, FetchProgress.NONE);

      Files.write(model.resolve("noise.onnx"), Arrays.copyOf(CHECKPOINT, 1000));
      fetcher.fetch(entry, null, FetchProgress.NONE);
      requireOnlyTheModel();

      Files.delete(model.resolve("noise.properties"));
      fetcher.fetch(entry, null, FetchProgress.NONE);
      requireOnlyTheModel();

      assertThat(server.requests()).hasSize(3);
    }
  }

  @Test
  void whatAKilledProcessHasLeftIsCleanedAway() throws IOException {
    Path left = Files.createDirectories(cache.resolve("zoo/.noise.part/noise"));
    Files.write(left.resolve("noise.onnx"), new byte[10]);
    Files.write(left.resolveSibling("checkpoint"), new byte[10]);
    try (Server server = Server.https(certificate, FetcherTest::send)) {
      fetcher.fetch(Checkpoints.entry(server.address("/"), CHECKPOINT), null, FetchProgress.NONE);
    }
    requireOnlyTheModel();
  }

  @Test
  void ofManyThreadsOneFetches() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try (Server server = Server.https(certificate, FetcherTest::send)) {
      ZooEntry entry = Checkpoints.entry(server.address("/"), CHECKPOINT);
      CountDownLatch waiting = new CountDownLatch(7);
      Fetcher slow =
          fetcher(
              cache,
              (checkpoint, of, target) -> {
                await(waiting);
                Checkpoints.copy(checkpoint, of, target);
              });
      FetchProgress progress =
          (phase, done, total) -> {
            if (phase == FetchProgress.Phase.WAITING) {
              waiting.countDown();
            }
          };
      Callable<ModelCard> fetch = () -> slow.fetch(entry, null, progress);

      List<ModelCard> models = new ArrayList<>();
      for (Future<ModelCard> model :
          threads.invokeAll(Stream.generate(() -> fetch).limit(8).toList())) {
        models.add(model.get());
      }

      assertThat(models).hasSize(8).containsOnly(models.get(0));
      assertThat(server.requests()).hasSize(1);
    } finally {
      threads.shutdownNow();
    }
    requireOnlyTheModel();
  }
}
