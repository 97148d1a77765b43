package io.github.pixelwise.zoo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pixelwise.internal.file.CacheFolders;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelFile;
import io.github.pixelwise.model.ModelFormat;
import io.github.pixelwise.model.OutputSpec;
import io.github.pixelwise.zoo.internal.transfer.Http;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Fetching from a Hub on this host, which stores large files on another server. */
class HubFetcherTest {
  private static final String TOKEN = "hf_secret";
  private static final String MODEL = "models--org--net/";
  private static final String SNAPSHOT = MODEL + "snapshots/" + FakeHub.COMMIT + "/";
  private static final HubName NAME = HubName.parse("hf:org/net");
  private static SSLContext certificate;

  @TempDir private Path cache;
  private final FakeHub hub = new FakeHub();
  private final FakeHub storage = new FakeHub();
  private final List<Long> pauses = new ArrayList<>();
  private String token = "";
  private Server server;
  private Server storageServer;

  @BeforeAll
  static void makeACertificate(@TempDir Path keys) throws Exception {
    certificate = Server.certificate(keys);
  }

  @BeforeEach
  void serve() throws IOException {
    storage.commits.clear();
    storage.commits.putAll(hub.commits);
    server = Server.https(certificate, hub);
    storageServer = Server.https(certificate, storage);
    hub.storage = storageServer.address("").toString();
  }

  @AfterEach
  void end() {
    server.close();
    storageServer.close();
  }

  private HubFetcher fetcher() {
    Duration patience = Duration.ofMinutes(1);
    return new HubFetcher(
        new CacheFolders(List.of(cache)),
        () ->
            new Hub(
                server.address("/").toString(),
                token,
                Server.http(certificate, patience, patience, pauses::add)));
  }

  private ModelCard fetch(String name) throws IOException {
    return fetcher().fetch(HubName.parse(name), FetchProgress.NONE);
  }

  private Optional<ModelCard> find(String name) throws IOException {
    return new HubStore(new CacheFolders(List.of(cache))).find(HubName.parse(name), true);
  }

  private Path hubFolder() {
    return cache.resolve("hub");
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.walk(hubFolder())) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> hubFolder().relativize(file).toString().replace('\\', '/'))
          .filter(file -> !file.endsWith(".lock"))
          .sorted()
          .toList();
    }
  }

  private void requireFailure(String name, String message) throws IOException {
    assertThatThrownBy(() -> fetch(name))
        .isInstanceOf(IOException.class)
        .hasMessage(message.replace("HUB", server.address("").toString()));
    assertThat(files()).as("nothing is kept").isEmpty();
  }

  private byte[] network() {
    return hub.content("onnx/model.onnx");
  }

  @Test
  void fetchesWhatAModelNeedsAndNothingElse() throws IOException {
    List<String> announced = new ArrayList<>();
    FetchProgress progress =
        new FetchProgress() {
          @Override
          public void starting(URI source, String license, long bytes) {
            announced.add(source + " " + license + " " + bytes);
          }

          @Override
          public void at(Phase phase, long done, OptionalLong total) {
            announced.add(phase + " " + done + " " + total.orElse(-1));
          }
        };

    ModelCard card = fetcher().fetch(NAME, progress);

    Path file = cache.toRealPath().resolve("hub").resolve(SNAPSHOT + "onnx/model.onnx");
    String source = server.address("/org/net/tree/" + FakeHub.COMMIT).toString();
    assertThat(card.name()).isEqualTo("org/net");
    assertThat(card.license()).isEqualTo("apache-2.0");
    assertThat(card.source()).isEqualTo(source);
    assertThat(card.labels().names()).containsExactly("sky", "sea");
    assertThat(card.output()).isEqualTo(OutputSpec.logits("logits", 0));
    assertThat(card.files())
        .containsExactly(
            new ModelFile(ModelFormat.ONNX, file.toUri(), Optional.of(FakeHub.sha256(network()))));
    assertThat(files())
        .containsExactly(
            MODEL + "refs/main",
            SNAPSHOT + "config.json",
            SNAPSHOT + "onnx/model.onnx",
            SNAPSHOT + "onnx/model.properties",
            SNAPSHOT + "preprocessor_config.json");
    assertThat(hubFolder().resolve(MODEL + "refs/main")).hasContent(FakeHub.COMMIT);
    String resolve = " /org/net/resolve/" + FakeHub.COMMIT + "/";
    assertThat(hub.requests)
        .containsExactly(
            "GET /api/models/org/net/revision/main",
            "HEAD" + resolve + "config.json",
            "HEAD" + resolve + "onnx/model.onnx",
            "HEAD" + resolve + "preprocessor_config.json",
            "GET" + resolve + "config.json",
            "GET" + resolve + "preprocessor_config.json",
            "GET" + resolve + "onnx/model.onnx");
    assertThat(storage.requests)
        .containsExactly("GET /storage/" + FakeHub.COMMIT + "/onnx/model.onnx");
    int all =
        network().length
            + hub.content("config.json").length
            + hub.content("preprocessor_config.json").length;
    assertThat(announced)
        .startsWith(source + " apache-2.0 " + all)
        .contains("DOWNLOADING %d %d".formatted(all, all))
        .endsWith("CONVERTING 0 -1");
  }

  @Test
  void needsNoConnectionAfterwards() throws IOException {
    ModelCard card = fetch("hf:org/net");
    end();

    assertThat(fetch("hf:org/net")).isEqualTo(card);
    assertThat(fetch("hf:org/net@" + FakeHub.COMMIT)).isEqualTo(card);
    assertThat(find("hf:org/net")).contains(card);
    assertThat(find("hf:org/net/onnx/model.onnx")).contains(card);
    assertThat(find("hf:org/other")).isEmpty();
    assertThat(find("hf:org/net@v1")).isEmpty();
    assertThat(find("hf:org/net/onnx/other.onnx")).isEmpty();
    assertThat(new HubStore(new CacheFolders(List.of(cache))).names())
        .containsExactly("hf:org/net");
  }

  @Test
  void aRevisionStaysTheCommitThatItWas() throws IOException {
    hub.revisions.put("v1", FakeHub.COMMIT);
    hub.put("onnx/model_fp16.onnx", FakeHub.network("half"));
    hub.copyTo(FakeHub.LATER);
    hub.put(FakeHub.LATER, "onnx/model.onnx", FakeHub.network("later"));
    storage.commits.putAll(hub.commits);
    ModelCard first = fetch("hf:org/net");
    hub.revisions.put("main", FakeHub.LATER);

    assertThat(fetch("hf:org/net")).isEqualTo(first);
    assertThat(fetch("hf:org/net@v1")).isEqualTo(first);
    assertThat(fetch("hf:org/net/onnx/model_fp16.onnx").source()).isEqualTo(first.source());
    assertThat(fetch("hf:org/net@" + FakeHub.LATER).source()).endsWith(FakeHub.LATER);
    assertThat(fetch("hf:org/net")).isEqualTo(first);
    assertThat(new HubStore(new CacheFolders(List.of(cache))).names())
        .containsExactly("hf:org/net", "hf:org/net@" + FakeHub.LATER, "hf:org/net@v1");
  }

  @Test
  void aBranchOfAPullRequestIsARevision() throws IOException {
    hub.revisions.put("refs/pr/1", FakeHub.COMMIT);

    assertThat(fetch("hf:org/net@refs/pr/1")).isEqualTo(find("hf:org/net@refs/pr/1").get());
    assertThat(hub.requests).startsWith("GET /api/models/org/net/revision/refs%2Fpr%2F1");
  }

  @Test
  void ofSeveralNetworksTheUsualOneIsOpenedUnlessAnotherIsNamed() throws IOException {
    hub.put("onnx/model_quantized.onnx", FakeHub.network("eight"));
    hub.put("onnx/model_fp16.onnx", FakeHub.network("half"));
    ModelCard quantized = fetch("hf:org/net/onnx/model_quantized.onnx");

    assertThat(quantized.files().get(0).location().toString()).endsWith("/model_quantized.onnx");
    assertThat(find("hf:org/net")).as("the only one").contains(quantized);

    fetch("hf:org/net/onnx/model_fp16.onnx");
    assertThatThrownBy(() -> find("hf:org/net"))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "hf:org/net has been fetched with the networks onnx/model_fp16.onnx,"
                + " onnx/model_quantized.onnx, and none is named model.onnx; choose one, such as"
                + " hf:org/net/onnx/model_fp16.onnx");

    ModelCard usual = fetch("hf:org/net");
    assertThat(usual.files().get(0).location().toString()).endsWith("/model.onnx");
    assertThat(find("hf:org/net")).contains(usual);
    assertThat(find("hf:org/net/onnx/model_quantized.onnx")).contains(quantized);
  }

  @Test
  void externalDataComesWithItsNetwork() throws IOException {
    byte[] data = Checkpoints.noise(100_000);
    byte[] network = FakeHub.networkWithData("model.onnx_data");
    hub.put("onnx/model.onnx", network);
    hub.put("onnx/model.onnx_data", data);
    hub.put("onnx/model_fp16.onnx_data", Checkpoints.noise(10));

    ModelCard card = fetch("hf:org/net");

    byte[] whole = Arrays.copyOf(network, network.length + data.length);
    System.arraycopy(data, 0, whole, network.length, data.length);
    assertThat(card.files().get(0).sha256()).contains(FakeHub.sha256(whole));
    assertThat(hubFolder().resolve(SNAPSHOT + "onnx/model.onnx_data")).hasBinaryContent(data);
    assertThat(files()).hasSize(6);
    assertThat(fetch("hf:org/net")).as("undamaged").isEqualTo(card);
    assertThat(storage.requests).hasSize(2);
  }

  @Test
  void externalDataOfAnyNameIsFetchedButNotFromOutside() throws IOException {
    hub.put("onnx/model.onnx", FakeHub.networkWithData("weights/of the net.data"));
    hub.put("onnx/weights/of the net.data", Checkpoints.noise(1000));
    fetch("hf:org/net");
    assertThat(hubFolder().resolve(SNAPSHOT + "onnx/weights/of the net.data")).exists();

    hub.put("onnx/model_a.onnx", FakeHub.networkWithData("../../../../escaped_data"));
    assertThatThrownBy(() -> fetch("hf:org/net/onnx/model_a.onnx"))
        .hasMessage(
            "cannot fetch hf:org/net/onnx/model_a.onnx: its weights are in"
                + " \"../../../../escaped_data\", which is outside its folder; export it as one file");

    hub.put("onnx/model_b.onnx", FakeHub.networkWithData("missing_data"));
    assertThatThrownBy(() -> fetch("hf:org/net/onnx/model_b.onnx"))
        .hasMessageEndingWith(": there is no file \"onnx/missing_data\".");
  }

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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "401 | RepoNotFound | '' | status 401: there is no such repository, or it needs a login. Check the name, or set HF_TOKEN to a token that may read it.",
        "404 | RepoNotFound | hf_x | status 404: there is no such repository, or the token in HF_TOKEN is not valid or may not read it. Check the name and the token.",
        "401 | '' | hf_x | status 401: there is no such repository, or the token in HF_TOKEN is not valid or may not read it. Check the name and the token.",
        "404 | RevisionNotFound | '' | there is no revision \"main\".",
        "429 | '' | '' | the server allows no more requests for now. Try again later, or set HF_TOKEN, with which more are allowed.",
        "500 | '' | '' | the server responded with status 500. Try again later.",
      })
  void aRefusalIsExplained(int status, String code, String sent, String found) throws IOException {
    token = sent;
    hub.special =
        exchange -> {
          FakeHub.refuse(exchange, status, code);
          return true;
        };

    requireFailure(
        "hf:org/net",
        "cannot fetch hf:org/net from HUB/api/models/org/net/revision/main: " + found);
    assertThat(hub.requests).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"401, ''", "403, hf_x"})
  void aGatedModelSaysWhereToAcceptItsLicense(int status, String sent) throws IOException {
    token = sent;
    hub.special =
        exchange -> {
          if (exchange.getRequestURI().getPath().startsWith("/api/")) {
            return false;
          }
          FakeHub.refuse(exchange, status, "GatedRepo");
          return true;
        };

    requireFailure(
        "hf:org/net",
        "cannot fetch hf:org/net from HUB/org/net/resolve/%s/config.json: its publisher asks to accept"
                .formatted(FakeHub.COMMIT)
            + " a license or conditions first. Accept them at HUB/org/net, and set HF_TOKEN to a token"
            + " of the account that did.");
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
        "cannot fetch hf:org/net from HUB/api/models/org/net/revision/main: the server allows no more"
            + " requests for now and asks to wait %d s. Try again later, or set HF_TOKEN, with which"
            + " more are allowed.";
    limit(1, "Retry-After", "301");
    requireFailure("hf:org/net", found.formatted(301));
    assertThat(pauses).isEmpty();

    limit(100, "Retry-After", "1");
    requireFailure("hf:org/net", found.formatted(1));
    assertThat(pauses).containsExactly(1L, 1L, 1L);
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
    assertThat(files()).hasSize(5);
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
                .formatted(other.length, FakeHub.sha256(other), other.length, expected));
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
  void aServerThatTellsNoHashIsRefused() throws IOException {
    hub.special =
        exchange -> {
          boolean asked = exchange.getRequestMethod().equals("HEAD");
          if (asked) {
            exchange.sendResponseHeaders(200, -1);
          }
          return asked;
        };

    requireFailure(
        "hf:org/net",
        "cannot fetch hf:org/net from HUB/org/net/resolve/%s/config.json: the server does not tell the file's size and hash. Check that HF_ENDPOINT is the address of a Hub."
            .formatted(FakeHub.COMMIT));
  }

  @Test
  void aPointerInPlaceOfAFileIsRefused() throws IOException {
    String pointer = FakeHub.pointer(network());
    storage.special =
        exchange -> {
          Server.send(exchange, 200, pointer.getBytes(UTF_8));
          return true;
        };
    assertThatThrownBy(() -> fetch("hf:org/net"))
        .hasMessageContaining(
            ": it has %,d bytes; expected %,d bytes with the SHA-256 "
                .formatted(pointer.length(), network().length));

    storage.special = exchange -> false;
    hub.put("onnx/model.onnx", pointer);
    requireFailure(
        "hf:org/net",
        "cannot fetch hf:org/net: onnx/model.onnx: the repository has only a Git LFS pointer in its"
            + " place. Its publisher has to upload the file itself");
  }

  @Test
  void aHugeConfigurationIsNotDownloaded() throws IOException {
    hub.put("config.json", new byte[50 << 20]);

    requireFailure(
        "hf:org/net",
        "cannot fetch hf:org/net: its config.json has 52,428,800 bytes; expected at most 4,194,304"
            + " bytes.");
    assertThat(hub.requests).noneMatch(request -> request.matches("GET .*config\\.json.*"));
  }

  private void sendsEndlessly(String path) {
    hub.special =
        exchange -> {
          boolean asked =
              exchange.getRequestMethod().equals("GET")
                  && exchange.getRequestURI().getPath().endsWith(path);
          if (asked) {
            exchange.sendResponseHeaders(200, 0);
            byte[] blanks = new byte[1 << 16];
            Arrays.fill(blanks, (byte) ' ');
            while (true) { // until the client hangs up
              exchange.getResponseBody().write(blanks);
            }
          }
          return asked;
        };
  }

  @Test
  void anEndlessAnswerIsCutOff() throws IOException {
    sendsEndlessly("/config.json");
    assertThatThrownBy(() -> fetch("hf:org/net"))
        .hasMessageContaining("/config.json: it has more than 38 bytes; expected 38 bytes");

    sendsEndlessly("/main");
    requireFailureAtTheDescription("its answer has more than 4,194,304 bytes.");
  }

  private void requireFailureAtTheDescription(String found) {
    assertThatThrownBy(() -> fetch("hf:org/net"))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "cannot fetch hf:org/net from "
                + server.address("/api/models/org/net/revision/main")
                + ": "
                + found);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "<html> | not valid JSON: Unexpected character ('<' (code 60)): expected a valid value (JSON String, Number (or 'NaN'/'+INF'/'-INF'), Array, Object or token 'null', 'true' or 'false') (line 1)",
        "{} | sha should be a commit, found no such key",
        "{\"sha\": \"../..\"} | sha should be a commit, found ../..",
        "{\"sha\": \"0123456789abcdef0123456789abcdef01234567\", \"siblings\": [1]} | siblings should be a list of objects, found [1.0]",
      })
  void anAnswerThatIsNoDescriptionIsRefused(String json, String found) throws IOException {
    hub.special =
        exchange -> {
          Server.send(exchange, 200, json.getBytes(UTF_8));
          return true;
        };

    requireFailureAtTheDescription(found);
  }

  @Test
  void aRepositoryWithoutASegmentationModelIsRefusedBeforeTheDownload() throws IOException {
    hub.more = ", \"pipeline_tag\": \"text-generation\"";
    requireFailure(
        "hf:org/net",
        "cannot fetch hf:org/net: its task is text-generation. It is not supported; use a model for"
            + " image-segmentation.");

    hub.more = "";
    hub.put("config.json", "{\"architectures\": [\"DetrForObjectDetection\"]}");
    assertThatThrownBy(() -> fetch("hf:org/net"))
        .hasMessage(
            "cannot fetch hf:org/net: config.json: DetrForObjectDetection is a model that finds boxes"
                + " around objects. It is not supported; use a model for semantic segmentation, whose"
                + " architecture ends in ForSemanticSegmentation");
    assertThat(files()).isEmpty();

    hub.put("config.json", "{}");
    hub.remove("preprocessor_config.json");
    requireFailure(
        "hf:org/net",
        "cannot fetch hf:org/net: it has no preprocessor_config.json, so it is not a segmentation"
            + " model that Pixelwise can read. Download the network itself and write a card for it"
            + " (docs/model-card.md).");
    assertThat(storage.requests).isEmpty();
  }

  @Test
  void anArchitectureSaysMoreThanATask() throws IOException {
    hub.more =
        ", \"pipeline_tag\": \"other\","
            + " \"config\": {\"architectures\": [\"SegformerForSemanticSegmentation\"]}";

    assertThat(fetch("hf:org/net").license()).isEmpty();
  }

  @Test
  void aRepositoryWithoutAUsualNetworkIsRefused() throws IOException {
    hub.remove("onnx/model.onnx");
    String export =
        "Export it with 'optimum-cli export onnx --task semantic-segmentation --model org/net OUT' and"
            + " open OUT, or look for a copy of the model that has onnx/model.onnx.";
    requireFailure(
        "hf:org/net",
        "cannot fetch hf:org/net: it has no ONNX network (*.onnx) and no model.safetensors. "
            + export);

    hub.put("onnx/a.onnx", FakeHub.network("a"));
    hub.put("onnx/b.onnx", FakeHub.network("b"));
    requireFailure(
        "hf:org/net",
        "cannot fetch hf:org/net: it has the networks onnx/a.onnx, onnx/b.onnx, and none is named"
            + " model.onnx; choose one with --file, or name it, such as hf:org/net/onnx/a.onnx.");
    requireFailure(
        "hf:org/net/c.onnx",
        "cannot fetch hf:org/net/c.onnx: there is no file c.onnx at commit %s; its networks are: onnx/a.onnx, onnx/b.onnx."
            .formatted(FakeHub.COMMIT));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"license\": \"mit\"} | mit",
        "{\"license\": [\"mit\", \"apache-2.0\"]} | mit, apache-2.0",
        "{\"license\": \"other\", \"license_name\": \"nvidia\\nsource\", \"license_link\": \"https://example.org/license\"} | other (nvidia source, https://example.org/license)",
        "{} | from-a-tag",
        "null | from-a-tag",
      })
  void theLicenseIsWhatThePublisherStates(String card, String license) throws IOException {
    hub.more = ", \"tags\": [\"onnx\", \"license:from-a-tag\"], \"cardData\": " + card;
    List<String> announced = new ArrayList<>();

    ModelCard model =
        fetcher()
            .fetch(
                NAME,
                new FetchProgress() {
                  @Override
                  public void starting(URI source, String stated, long bytes) {
                    announced.add(stated);
                  }

                  @Override
                  public void at(Phase phase, long done, OptionalLong total) {}
                });

    assertThat(model.license()).isEqualTo(license);
    assertThat(announced).containsExactly(license);
  }

  @Test
  void aLicenseCanBeRefused() throws IOException {
    FetchProgress strict =
        new FetchProgress() {
          @Override
          public void starting(URI source, String license, long bytes) {
            throw new IllegalStateException("not " + license);
          }

          @Override
          public void at(Phase phase, long done, OptionalLong total) {}
        };

    assertThatThrownBy(() -> fetcher().fetch(NAME, strict)).hasMessage("not apache-2.0");
    assertThat(hub.requests).noneMatch(request -> request.startsWith("GET /org"));
    assertThat(files()).isEmpty();
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

  @ParameterizedTest
  @ValueSource(
      strings = {"http://hub.example", "ftp://localhost", "hub", "https://", "https://h?a"})
  void theHubsAddressMustBeSecure(String address) {
    assertThatThrownBy(() -> new Hub(address, "", Http.standard()))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "the Hub's address is \"%s\", set by -Dpixelwise.hub.endpoint or HF_ENDPOINT; expected"
                    .formatted(address)
                + " https://HOST or https://HOST/PATH (http only for localhost)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"two words", "two\nlines", "hf_\u00e9"})
  void whatIsNoTokenIsRefusedWithoutShowingIt(String wrong) {
    assertThatThrownBy(() -> new Hub("", wrong, Http.standard()))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "HF_TOKEN is not a token: it has spaces, line breaks or characters that are not ASCII."
                + " Copy the token again from https://huggingface.co/settings/tokens");
  }
}
