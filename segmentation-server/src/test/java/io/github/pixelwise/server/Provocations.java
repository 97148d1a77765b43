package io.github.pixelwise.server;

import io.github.pixelwise.server.Client.Part;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** How to make the server say each of the errors in docs/openapi.json. */
record Provocations(Client client) {
  private static final byte[] NOTHING = new byte[0];
  private static final byte[] HELLO = "hello\n".getBytes(StandardCharsets.US_ASCII);
  private static final String LONG = "a".repeat(20_000);

  static Provocations of(Client client) {
    return new Provocations(client);
  }

  /**
   * Provokes an error.
   *
   * @param error the names of the response, and of its example
   */
  JsonObject problem(String error) throws Exception {
    return switch (error) {
      case "WrongParameter.parameter" -> segment("?wirte=mask", Client.cat());
      case "WrongParameter.value" -> segment("?quality=0", Client.cat());
      case "WrongParameter.repeated" -> segment("?soft=true&soft=true", Client.cat());
      case "WrongParameter.model" -> segment("?model=u2net", Client.cat());
      case "WrongParameter.transparent" -> segment("?format=jpg", Client.cat());
      case "WrongParameter.photo" ->
          said(client.form("/v1/segment", Part.file("background", "b.png", Client.cat())));
      case "WrongParameter.empty" -> segment("", NOTHING);
      case "WrongRemoveParameter.value" -> remove("?af=300");
      case "WrongRemoveParameter.color" -> remove("?bgc=red");
      case "WrongRemoveParameter.extras" -> remove("?extras=x");
      case "WrongRemoveParameter.model" -> remove("?model=u2net");
      case "InvalidRequest.invalid" -> raw("GARBAGE\r\n\r\n");
      case "Unauthorized.token" -> withoutToken();
      case "Forbidden.origin" ->
          said(client.request("/v1/models").header("Origin", "https://example.org"));
      case "NotFound.sample" -> said(client.request("/samples/dog.png"));
      case "MethodNotAllowed.method" -> said(client.request("/v1/models").DELETE());
      case "PostOnly.method" -> said(client.request("/v1/segment"));
      case "RemovePostOnly.url" ->
          said(client.request("/api/remove?url=https://example.org/a.jpg"));
      case "TooSlow.slow" -> tooSlow();
      case "TooLarge.bytes" ->
          raw("POST /v1/segment HTTP/1.1\r\nHost: localhost\r\nContent-Length: 62914560\r\n\r\n");
      case "TooLarge.pixels" -> segment("", header(20_000, 10_000));
      case "TooLarge.recipe" ->
          said(
              client.form(
                  "/v1/segment",
                  Part.file("photo", "p.png", Client.cat()),
                  Part.file("recipe", "r", LONG.repeat(4).getBytes(StandardCharsets.US_ASCII))));
      case "TooLarge.heap" -> said(Problem.of(new OutOfMemoryError()));
      case "LongLine.line" -> said(client.request("/" + LONG));
      case "LongHeader.header" -> said(client.request("/").header("X", LONG));
      case "Unsupported.type" ->
          said(client.post("/v1/segment", HELLO).header("Content-Type", "application/json"));
      case "Unsupported.encoding" ->
          said(client.post("/v1/segment", HELLO).header("Content-Encoding", "gzip"));
      case "Unsupported.picture" -> segment("", HELLO);
      case "Misdirected.host" ->
          raw("GET / HTTP/1.1\r\nHost: example.org\r\nConnection: close\r\n\r\n");
      case "Damaged.damaged" -> segment("", Arrays.copyOf(Client.cat(), 20_000));
      case "Busy.full" -> busy();
      case "Failed.failed" -> said(Problem.of(new IllegalStateException("of a test")));
      case "Unavailable.late" -> late();
      case "Unavailable.memory" -> memory();
      case "Unavailable.stopping" -> said(WorkQueue.stopping());
      default -> throw new AssertionError("nothing provokes " + error);
    };
  }

  private JsonObject segment(String query, byte[] photo) throws Exception {
    return said(client.post("/v1/segment" + query, photo));
  }

  private JsonObject remove(String query) throws Exception {
    return said(client.post("/api/remove" + query, Client.cat()));
  }

  private static JsonObject said(HttpRequest.Builder request) throws Exception {
    return Client.problem(Client.send(request));
  }

  private static JsonObject said(Problem problem) {
    return new JsonObject(new String(problem.answer().body(), StandardCharsets.UTF_8));
  }

  private JsonObject raw(String request) throws IOException {
    String answer = client.raw(request);
    return new JsonObject(answer.substring(answer.indexOf("\r\n\r\n")));
  }

  private static JsonObject withoutToken() throws Exception {
    try (SegmentationServer server =
        SegmentationServer.builder().segmenter(new HeldSegmenter()).token("t").port(0).start()) {
      return said(new Client(server).request("/v1/models"));
    }
  }

  private static SegmentationServer held(HeldSegmenter segmenter, ServerLimits limits)
      throws IOException {
    return SegmentationServer.builder().segmenter(segmenter).limits(limits).port(0).start();
  }

  private static JsonObject tooSlow() throws Exception {
    ServerLimits limits = ServerLimits.DEFAULT.withTransfer(Duration.ofMillis(500));
    try (SegmentationServer server = held(new HeldSegmenter(), limits)) {
      return new Provocations(new Client(server))
          .raw("POST /v1/segment HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n");
    }
  }

  private static JsonObject late() throws Exception {
    HeldSegmenter segmenter = new HeldSegmenter();
    ServerLimits limits = ServerLimits.DEFAULT.withTime(Duration.ofMillis(50));
    try (SegmentationServer server = held(segmenter, limits)) {
      JsonObject problem = new Provocations(new Client(server)).segment("", Client.cat());
      segmenter.pass(1);
      return problem;
    }
  }

  private static JsonObject busy() throws InterruptedException {
    WorkQueue queue = new WorkQueue(1, 1);
    CountDownLatch end = new CountDownLatch(1);
    try {
      while (true) {
        queue.add(
            new Job(
                job -> {
                  end.await();
                  return Answer.of("text/plain", NOTHING);
                },
                (answer, failure) -> {}));
      }
    } catch (Problem full) {
      return said(full);
    } finally {
      end.countDown();
      queue.close();
    }
  }

  private static JsonObject memory() {
    try (ByteBudget.Lease lease = new ByteBudget(0).lease()) {
      lease.take(1);
      throw new AssertionError("a budget of 0 bytes has room for one");
    } catch (Problem problem) {
      return said(problem);
    }
  }

  /** A PNG file of a large picture, of which only the header is there. */
  private static byte[] header(int width, int height) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream png = new DataOutputStream(bytes);
    png.writeLong(0x89504e470d0a1a0aL);
    ByteArrayOutputStream header = new ByteArrayOutputStream();
    DataOutputStream fields = new DataOutputStream(header);
    fields.writeInt(width);
    fields.writeInt(height);
    fields.write(new byte[] {8, 0, 0, 0, 0});
    chunk(png, "IHDR", header.toByteArray());
    Deflater deflater = new Deflater();
    deflater.setInput(new byte[width + 1]);
    deflater.finish();
    byte[] row = new byte[width];
    chunk(png, "IDAT", Arrays.copyOf(row, deflater.deflate(row)));
    deflater.end();
    chunk(png, "IEND", NOTHING);
    return bytes.toByteArray();
  }

  private static void chunk(DataOutputStream png, String type, byte[] body) throws IOException {
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    CRC32 sum = new CRC32();
    sum.update(name);
    sum.update(body);
    png.writeInt(body.length);
    png.write(name);
    png.write(body);
    png.writeInt((int) sum.getValue());
  }
}
