package io.github.pixelwise.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.pixelwise.imaging.PalettePng;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Models of a Hub on this host, on ONNX Runtime. */
class HubCommandTest {
  private static final String ENDPOINT = "pixelwise.hub.endpoint";
  private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

  @TempDir private Path folder;
  private final Map<String, byte[]> files = new TreeMap<>();
  private String cache;
  private HttpServer server;
  private String address;

  /** How many requests are answered with a request to wait. */
  private int limited;

  @BeforeEach
  void publish() throws IOException {
    byte[] network = HuggingFaceRunTest.network().toByteArray();
    files.put(
        "config.json",
        "{\"id2label\": {\"0\": \"first\", \"1\": \"second\", \"2\": \"third\"}}".getBytes(UTF_8));
    files.put(
        "preprocessor_config.json",
        "{\"image_processor_type\": \"SegformerImageProcessor\", \"size\": 64, \"do_normalize\": false}"
            .getBytes(UTF_8));
    files.put("onnx/model_fp16.onnx", network);
    files.put("onnx/model_quantized.onnx", network);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    address = "http://localhost:" + server.getAddress().getPort();
    cache = System.setProperty("pixelwise.cache", folder.resolve("cache").toString());
    System.setProperty(ENDPOINT, address);
  }

  @AfterEach
  void end() {
    server.stop(0);
    System.setProperty("pixelwise.cache", cache);
    System.clearProperty(ENDPOINT);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    byte[] content = files.get(path.replaceFirst("^/org/net/resolve/" + COMMIT + "/", ""));
    if (path.matches("/api/models/org/net/revision/(main|" + COMMIT + ")")) {
      String siblings =
          "[{\"rfilename\": \"" + String.join("\"}, {\"rfilename\": \"", files.keySet()) + "\"}]";
      content =
          "{\"sha\": \"%s\", \"siblings\": %s, \"cardData\": {\"license\": \"apache-2.0\"}}"
              .formatted(COMMIT, siblings)
              .getBytes(UTF_8);
    }
    try (exchange) {
      if (limited > 0) {
        limited--;
        exchange.getResponseHeaders().add("Retry-After", "0");
        exchange.sendResponseHeaders(429, -1);
        return;
      }
      if (content == null) {
        exchange.sendResponseHeaders(404, -1);
        return;
      }
      exchange.getResponseHeaders().add("ETag", "\"" + sha256(content) + "\"");
      if (exchange.getRequestMethod().equals("HEAD")) {
        exchange.getResponseHeaders().add("Content-Length", Integer.toString(content.length));
        exchange.sendResponseHeaders(200, -1);
      } else {
        exchange.sendResponseHeaders(200, content.length);
        exchange.getResponseBody().write(content);
      }
    }
  }

  private static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void fetchesAModelShowsItsLicenseAndRunsItWithoutAConnection() throws IOException {
    Run fetch = Run.of("models", "fetch", "hf:org/net", "--file", "onnx/model_quantized.onnx");

    assertThat(fetch.err()).isEmpty();
    assertThat(fetch.exit()).isZero();
    Path snapshot =
        folder.toRealPath().resolve("cache/hub/models--org--net/snapshots").resolve(COMMIT);
    assertThat(fetch.out().lines())
        .containsExactly(
            "hf:org/net/onnx/model_quantized.onnx: license apache-2.0, 0.0 MB from %s/org/net/tree/%s"
                .formatted(address, COMMIT),
            "hf:org/net/onnx/model_quantized.onnx is in " + snapshot.resolve("onnx"));

    server.stop(0);
    assertThat(Run.of("models").out())
        .containsPattern(
            "\nhf:org/net/onnx/model_quantized.onnx +3 +0\\.0 MB +apache-2\\.0 +yes +%s/org/net/tree/%s\n"
                .formatted(address, COMMIT));
    Path photo = folder.resolve("photo.png");
    ImageIO.write(HuggingFaceRunTest.redBesideBlue(), "png", photo.toFile());
    Run run =
        Run.of(
            "run",
            photo,
            "-m",
            "hf:org/net/onnx/model_quantized.onnx",
            "-o",
            folder.resolve("out"));
    assertThat(run.err()).isEmpty();
    assertThat(run.exit()).isZero();
    assertThat(PalettePng.read(folder.resolve("out/photo.mask.png")).category(140, 40))
        .isEqualTo(2);
    assertThat(folder.resolve("out/photo.json")).content().contains("\"model\" : \"org/net\"");
  }

  @Test
  void listsEveryFetchedNetworkByTheNameThatOpensIt() throws IOException {
    files.put("onnx/model.onnx", HuggingFaceRunTest.network().toByteArray());
    for (String network : List.of("model_fp16", "model_quantized")) {
      Run fetch = Run.of("models", "fetch", "hf:org/net", "--file", "onnx/" + network + ".onnx");
      assertThat(fetch.exit()).as(fetch.err()).isZero();
    }

    assertThat(Run.of("models").out().lines().filter(line -> line.startsWith("hf:org/")))
        .satisfiesExactly(
            line ->
                assertThat(line).startsWith("hf:org/net/onnx/model_fp16.onnx ").contains(" yes "),
            line ->
                assertThat(line)
                    .startsWith("hf:org/net/onnx/model_quantized.onnx ")
                    .contains(" yes "));
    Run run = Run.of("run", "photo.jpg", "-m", "hf:org/net");
    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err().lines())
        .containsExactly(
            "segment: model hf:org/net has not been fetched yet. Fetched are:"
                + " hf:org/net/onnx/model_fp16.onnx, hf:org/net/onnx/model_quantized.onnx. Open one"
                + " of these, or fetch it with 'segment models fetch hf:org/net' or"
                + " Zoo.fetch(\"hf:org/net\") into "
                + folder.resolve("cache/hub")
                + ".");

    Run.of("models", "fetch", "hf:org/net");
    assertThat(Run.of("models").out().lines().filter(line -> line.startsWith("hf:org/")))
        .hasSize(3);
  }

  @Test
  void tellsADamagedModelFromOneThatIsMissing() throws IOException {
    Run.of("models", "fetch", "hf:org/net", "--file", "onnx/model_fp16.onnx");
    Path network =
        folder
            .toRealPath()
            .resolve("cache/hub/models--org--net/snapshots")
            .resolve(COMMIT)
            .resolve("onnx/model_fp16.onnx");
    Files.delete(network);

    assertThat(Run.of("models").out())
        .containsPattern("\nhf:org/net/onnx/model_fp16.onnx +damaged *\n");
    assertThat(Run.of("run", "photo.jpg", "-m", "hf:org/net/onnx/model_fp16.onnx").err())
        .startsWith(
            "segment: model hf:org/net/onnx/model_fp16.onnx in the cache is damaged: %s is missing. Fetch it again with 'segment models fetch "
                .formatted(network));
  }

  @Test
  void saysOnceThatItWaits() {
    limited = 2;

    Run run = Run.of("models", "fetch", "hf:org/net", "--file", "onnx/model_fp16.onnx");

    assertThat(run.exit()).isZero();
    assertThat(run.err().lines())
        .containsExactly(
            "segment: waiting: the server asks for it, or another process is fetching");
  }

  @Test
  void saysHowToFetchAModel() {
    Run run = Run.of("run", "photo.jpg", "-m", "hf:org/net@v1");

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err().lines())
        .containsExactly(
            "segment: model hf:org/net@v1 has not been fetched yet. Fetch it with 'segment models"
                + " fetch hf:org/net@v1' or Zoo.fetch(\"hf:org/net@v1\") into "
                + folder.resolve("cache/hub")
                + ".");
  }

  @Test
  void reportsAModelThatCannotBeFetchedInOneSentence() {
    Run several = Run.of("models", "fetch", "hf:org/net");
    Run missing = Run.of("models", "fetch", "hf:org/nothing");

    assertThat(several.exit()).isEqualTo(1);
    assertThat(several.err().lines())
        .containsExactly(
            "segment: cannot fetch hf:org/net: it has the networks onnx/model_fp16.onnx,"
                + " onnx/model_quantized.onnx, and none is named model.onnx; choose one with"
                + " --file, or name it, such as hf:org/net/onnx/model_fp16.onnx.");
    assertThat(missing.exit()).isEqualTo(1);
    assertThat(missing.err().lines())
        .singleElement()
        .asString()
        .startsWith(
            "segment: cannot fetch hf:org/nothing from %s/api/models/org/nothing/revision/main: status"
                    .formatted(address)
                + " 404: there is no such repository, or it needs a login.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "hf:org/net --from a.pth | --from is the file of one model that is not on the Hub, found"
            + " hf:org/net",
        "fcn-resnet50 --file a.onnx | --file works with one hf:OWNER/NAME model, found"
            + " fcn-resnet50",
        "hf:org/net hf:a/b --file a.onnx | --file works with one hf:OWNER/NAME model, found"
            + " hf:org/net, hf:a/b",
        "hf:org/net/a.onnx --file a.onnx | hf:org/net/a.onnx names a network, and so does --file"
            + " a.onnx; use one or the other",
        "org/net | there is no model \"org/net\" to fetch (did you mean \"hf:org/net\"?)",
        "HF:org/net | there is no model \"HF:org/net\" to fetch (did you mean \"hf:org/net\"?)",
        "hf:org/net hf:net | \"hf:net\" cannot be a model on the Hugging Face Hub; expected"
            + " hf:OWNER/NAME",
      })
  void rejectsAWrongCommandLineBeforeFetching(String arguments, String message) {
    Run run = Run.of((Object[]) ("models fetch " + arguments).split(" "));

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err()).startsWith("segment: " + message);
    assertThat(folder.resolve("cache")).doesNotExist();
  }
}
