package io.github.pixelwise.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pixelwise.model.ModelCard;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Redirects, waits, broken connections and changes on the way from a Hub. */
class HubDownloadTest extends HubFixture {
  @Test
  void aTokenIsSentToTheHubAndNowhereElse() throws IOException {
    token = " " + TOKEN + "\n";
    storage.special =
        exchange -> {
          if (exchange.getRequestURI().getQuery() != null) {
            return false;
          }
          Server.redirect(exchange, server.address("/back?to=the-hub"));
          return true;
        };
    hub.special =
        exchange -> {
          if (!exchange.getRequestURI().getPath().equals("/back")) {
            return false;
          }
          FakeHub.send(exchange, network());
          return true;
        };

    fetch("hf:org/net");

    assertThat(hub.requests).hasSize(8);
    assertThat(hub.requests.subList(0, 7)).allMatch(r -> r.endsWith(" [Bearer " + TOKEN + "]"));
    assertThat(hub.requests.get(7)).as("led there by another server").doesNotContain(TOKEN);
    assertThat(storage.requests).hasSize(1).noneMatch(request -> request.contains(TOKEN));
  }

  @Test
  void redirectsOnTheHubItselfAreFollowed() throws IOException {
    token = TOKEN;
    hub.special =
        exchange -> {
          String path = exchange.getRequestURI().getPath();
          if (path.endsWith("/config.json") && path.startsWith("/org/")) {
            exchange.getResponseHeaders().add("Location", "/api/resolve-cache" + path);
            exchange.sendResponseHeaders(307, -1);
            return true;
          }
          if (!path.startsWith("/api/resolve-cache")) {
            return false;
          }
          byte[] content = hub.content("config.json");
          exchange.getResponseHeaders().add("X-Repo-Commit", FakeHub.COMMIT);
          exchange.getResponseHeaders().add("ETag", "\"" + FakeHub.gitHash(content) + "\"");
          FakeHub.send(exchange, content);
          return true;
        };

    assertThat(fetch("hf:org/net").labels().names()).containsExactly("sky", "sea");
    assertThat(hub.requests).allMatch(request -> request.contains(TOKEN));
  }

  /** Answers the first requests of each kind with 429. */
  private void limit(int times, String header, String value) {
    int[] left = {times};
    hub.special =
        exchange -> {
          if (left[0]-- <= 0) {
            return false;
          }
          exchange.getResponseHeaders().add(header, value);
          exchange.sendResponseHeaders(429, -1);
          return true;
        };
  }

  @Test
  void waitsIfTheServerAsksForIt() throws IOException {
    List<FetchProgress.Phase> phases = new ArrayList<>();
    limit(2, "Retry-After", "7");
    fetcher().fetch(NAME, (phase, done, total) -> phases.add(phase));

    assertThat(pauses).containsExactly(7L, 7L);
    assertThat(phases).startsWith(FetchProgress.Phase.WAITING, FetchProgress.Phase.WAITING);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "RateLimit | \"api\";r=0;t=55 | 55",
        "Retry-After | Wed, 21 Oct 2015 07:28:00 GMT | 0",
      })
  void aWaitHasThreeForms(String header, String value, long seconds) throws IOException {
    limit(1, header, value);
    fetch("hf:org/net");

    assertThat(pauses).containsExactly(seconds);
  }

  @Test
  void doesNotWaitForLong() throws IOException {
    String found =
        "cannot fetch hf:org/net from HUB/api/models/org/net/revision/main: rate limit"
            + " reached; the server asks to wait %d s. Try again later, or set HF_TOKEN, with which"
            + " more are allowed.";
    limit(1, "Retry-After", "301");
    requireFailure("hf:org/net", found.formatted(301));
    assertThat(pauses).isEmpty();

    limit(100, "Retry-After", "1");
    requireFailure("hf:org/net", found.formatted(1));
    assertThat(pauses).containsExactly(1L, 1L, 1L);
  }

  @Test
  void aLongWaitIsGivenAsATime() {
    limit(1, "Retry-After", "86400");
    String tomorrow = LocalDate.now(ZoneOffset.UTC).plusDays(1).toString();

    assertThatThrownBy(() -> fetch("hf:org/net"))
        .hasMessageContaining(": rate limit reached; the server asks to wait until " + tomorrow)
        .message()
        .containsPattern(" \\d\\d:\\d\\d UTC\\. Try again later, or set HF_TOKEN");
  }

  /** Ends the storage's answers after some bytes. */
  private void breakOffAfter(int length) {
    storage.special =
        exchange -> {
          exchange.sendResponseHeaders(200, network().length);
          exchange.getResponseBody().write(network(), 0, length);
          return true;
        };
  }

  private void requireBrokenConnection() {
    assertThatThrownBy(() -> fetch("hf:org/net"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("/onnx/model.onnx: the connection broke after 10,000 bytes (")
        .hasMessageEndingWith(
            "; expected %,d bytes with the SHA-256 %s. Fetch it again; the download continues where it ended."
                .formatted(network().length, FakeHub.sha256(network())));
  }

  @Test
  void continuesWhereItEnded() throws IOException {
    breakOffAfter(10_000);
    requireBrokenConnection();
    assertThat(find("hf:org/net")).isEmpty();
    storage.special = exchange -> false;
    List<Long> downloaded = new ArrayList<>();
    hub.requests.clear();

    ModelCard card =
        fetcher()
            .fetch(
                NAME,
                (phase, done, total) -> {
                  if (phase == FetchProgress.Phase.DOWNLOADING) {
                    downloaded.add(done);
                  }
                });

    assertThat(card.files().get(0).sha256()).contains(FakeHub.sha256(network()));
    assertThat(downloaded.get(0)).isGreaterThan(10_000);
    assertThat(storage.requests).last().asString().endsWith(" [bytes=10000-]");
    assertThat(hub.requests)
        .as("what is complete is not fetched again")
        .noneMatch(request -> request.startsWith("GET") && request.endsWith(".json"));
    assertThat(files()).hasSize(6);
  }

  /** What was received of a network is kept while another one of its repository is fetched. */
  @Test
  void anUnfinishedFileStaysUnfinished() throws IOException {
    breakOffAfter(10_000);
    requireBrokenConnection();
    storage.special = exchange -> false;
    hub.put("onnx/other.onnx", FakeHub.networkWithData("other.data"));
    hub.put("onnx/other.data", Checkpoints.noise(500));

    fetch("hf:org/net/onnx/other.onnx");
    assertThat(files())
        .containsExactly(
            "." + MODEL.replace("/", ".part/") + FakeHub.COMMIT + "/onnx/model.onnx",
            MODEL + "defaults/" + FakeHub.COMMIT,
            MODEL + "refs/main",
            SNAPSHOT + "config.json",
            SNAPSHOT + "onnx/other.data",
            SNAPSHOT + "onnx/other.onnx",
            SNAPSHOT + "onnx/other.properties",
            SNAPSHOT + "preprocessor_config.json");
    assertThat(find("hf:org/net")).isEmpty();

    hub.put("onnx/bad.onnx", "no network");
    assertThatThrownBy(() -> fetch("hf:org/net/onnx/bad.onnx")).hasMessageContaining("not an ONNX");

    storage.requests.clear();
    assertThat(fetch("hf:org/net").files().get(0).sha256()).contains(FakeHub.sha256(network()));
    assertThat(storage.requests).singleElement().asString().endsWith(" [bytes=10000-]");
    assertThat(files()).noneMatch(file -> file.contains(".part"));
  }

  @Test
  void externalDataThatIsUnfinishedStaysUnfinished() throws IOException {
    byte[] data = Checkpoints.noise(50_000);
    hub.put("onnx/a.onnx", FakeHub.networkWithData("a.data"));
    hub.put("onnx/a.data", data);
    storage.special =
        exchange -> {
          boolean asked = exchange.getRequestURI().getPath().endsWith("a.data");
          if (asked) {
            exchange.sendResponseHeaders(200, data.length);
            exchange.getResponseBody().write(data, 0, 20_000);
          }
          return asked;
        };
    assertThatThrownBy(() -> fetch("hf:org/net/onnx/a.onnx"))
        .hasMessageContaining("the connection broke after 20,000 bytes");
    storage.special = exchange -> false;

    fetch("hf:org/net");
    assertThat(hubFolder().resolve(SNAPSHOT + "onnx/a.data")).doesNotExist();
    assertThat(hubFolder().resolve(SNAPSHOT + "onnx/a.onnx")).doesNotExist();

    storage.requests.clear();
    fetch("hf:org/net/onnx/a.onnx");
    assertThat(storage.requests).singleElement().asString().endsWith(" [bytes=20000-]");
    assertThat(hubFolder().resolve(SNAPSHOT + "onnx/a.data")).hasBinaryContent(data);
  }

  @Test
  void startsAgainIfAServerDoesNotContinue() throws IOException {
    breakOffAfter(10_000);
    requireBrokenConnection();
    storage.special =
        exchange -> {
          Server.send(exchange, 200, network()); // whatever was asked for
          return true;
        };

    assertThat(fetch("hf:org/net").files().get(0).sha256()).contains(FakeHub.sha256(network()));
  }

  @ParameterizedTest
  @ValueSource(ints = {10_000, 1 << 20})
  void startsAgainIfWhatWasKeptIsDamaged(int length) throws IOException {
    breakOffAfter(10_000);
    requireBrokenConnection();
    storage.special = exchange -> false;
    Path kept = hubFolder().resolve("." + MODEL.replace("/", ".part/") + FakeHub.COMMIT);
    Files.write(kept.resolve("onnx/model.onnx"), new byte[length]);

    assertThat(fetch("hf:org/net").files().get(0).sha256()).contains(FakeHub.sha256(network()));
  }

  @Test
  void aFileThatChangesUnderWayIsRefused() throws IOException {
    byte[] other = network().clone();
    other[other.length - 1] ^= 1;
    String expected = FakeHub.sha256(network());
    storage.special =
        exchange -> {
          Server.send(exchange, 200, other);
          return true;
        };

    assertThatThrownBy(() -> fetch("hf:org/net"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(
            ": it has %,d bytes with the SHA-256 %s; expected %,d bytes with the SHA-256 %s. "
                .formatted(other.length, FakeHub.sha256(other), other.length, expected))
        .hasMessageEndingWith(
            ". Fetch it again later. If that does not help, check HF_ENDPOINT and your proxy.");
    assertThat(find("hf:org/net")).isEmpty();

    storage.special = exchange -> false;
    assertThat(fetch("hf:org/net").files().get(0).sha256()).contains(expected);
  }

  @Test
  void aRepositoryThatChangesUnderWayIsRefused() throws IOException {
    hub.special =
        exchange -> {
          boolean resolved = exchange.getRequestURI().getPath().contains("/resolve/");
          if (resolved) {
            exchange.getResponseHeaders().add("X-Repo-Commit", FakeHub.LATER);
            exchange.sendResponseHeaders(200, -1);
          }
          return resolved;
        };

    requireFailure(
        "hf:org/net",
        "cannot fetch hf:org/net from HUB/org/net/resolve/%s/config.json: the file is of commit %s, not %s: the repository is changing. Fetch it again."
            .formatted(FakeHub.COMMIT, FakeHub.LATER, FakeHub.COMMIT));
  }

  @Test
  void aDamagedModelIsFetchedAgain() throws IOException {
    ModelCard card = fetch("hf:org/net");
    Path network = Path.of(card.files().get(0).location());
    Files.write(network, new byte[10]);

    assertThatThrownBy(() -> find("hf:org/net"))
        .hasMessage(network + " does not have the SHA-256 " + FakeHub.sha256(network()));
    assertThat(fetch("hf:org/net")).isEqualTo(card);
    assertThat(network).hasBinaryContent(network());
  }

  @Test
  void anInterruptEndsADownloadWhichTheNextFetchContinues() throws IOException {
    Thread fetching = Thread.currentThread();
    FetchProgress interrupting =
        (phase, done, total) -> {
          if (phase == FetchProgress.Phase.DOWNLOADING && done > 1000) {
            fetching.interrupt();
          }
        };
    assertThatThrownBy(() -> fetcher().fetch(NAME, interrupting))
        .isInstanceOf(InterruptedIOException.class)
        .hasMessage("fetching hf:org/net was interrupted");
    assertThat(Thread.interrupted()).isTrue();

    assertThat(fetch("hf:org/net").name()).isEqualTo("org/net");
  }

  @Test
  void ofManyThreadsOneFetches() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    CountDownLatch waiting = new CountDownLatch(3);
    storage.special =
        exchange -> {
          await(waiting);
          return false;
        };
    FetchProgress progress =
        (phase, done, total) -> {
          if (phase == FetchProgress.Phase.WAITING) {
            waiting.countDown();
          }
        };
    Callable<ModelCard> fetch = () -> fetcher().fetch(NAME, progress);
    try {
      List<ModelCard> models = new ArrayList<>();
      for (Future<ModelCard> model :
          threads.invokeAll(Stream.generate(() -> fetch).limit(4).toList())) {
        models.add(model.get());
      }
      assertThat(models).hasSize(4).containsOnly(models.get(0));
    } finally {
      threads.shutdownNow();
    }
    assertThat(storage.requests).hasSize(1);
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IOException(e); // the server ends
    }
  }
}
