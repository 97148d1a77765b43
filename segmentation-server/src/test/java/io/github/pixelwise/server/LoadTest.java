package io.github.pixelwise.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pixelwise.Segmenter;
import io.vertx.core.json.JsonObject;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What happens to requests when there are too many, or they or their clients take too long. */
@Timeout(60)
class LoadTest {
  private static final String SEGMENT = "/v1/segment?write=json";

  private final HeldSegmenter segmenter = new HeldSegmenter();

  @SuppressWarnings("NullAway") // set by start
  private SegmentationServer server;

  @SuppressWarnings("NullAway") // set by start
  private Client client;

  private void start(ServerLimits limits) throws IOException {
    server = SegmentationServer.builder().segmenter(segmenter).limits(limits).port(0).start();
    client = new Client(server);
  }

  @AfterEach
  void stop() {
    segmenter.pass(1000);
    if (server != null) {
      server.close();
    }
  }

  private CompletableFuture<HttpResponse<byte[]>> begin() throws IOException {
    return HttpClient.newHttpClient()
        .sendAsync(client.post(SEGMENT, Client.cat()).build(), BodyHandlers.ofByteArray());
  }

  private static HttpResponse<byte[]> get(CompletableFuture<HttpResponse<byte[]>> response)
      throws Exception {
    return response.get(30, TimeUnit.SECONDS);
  }

  private String meter(String name) throws Exception {
    String meters = new String(client.get("/metrics").body(), StandardCharsets.UTF_8);
    return meters
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .map(line -> line.substring(name.length() + 1))
        .findFirst()
        .orElse("none");
  }

  private void await(String name, String value) throws Exception {
    while (!meter(name).equals(value)) {
      Thread.onSpinWait();
    }
  }

  @Test
  void refusesWhatTheQueueHasNoRoomForAndSaysWhenToTryAgain() throws Exception {
    start(ServerLimits.DEFAULT.withWorkers(1).withQueue(1));
    CompletableFuture<HttpResponse<byte[]>> working = begin();
    segmenter.awaitCall();
    CompletableFuture<HttpResponse<byte[]>> waiting = begin();
    await("pixelwise_server_waiting", "1.0");

    HttpResponse<byte[]> refused = Client.send(client.post(SEGMENT, Client.cat()));

    assertThat(refused.statusCode()).isEqualTo(429);
    String retry = refused.headers().firstValue("Retry-After").orElseThrow();
    assertThat(Client.problem(refused).getString("detail"))
        .isEqualTo("the queue of 1 is full. Try again in %s s".formatted(retry));
    segmenter.pass(2);
    assertThat(get(working).statusCode()).isEqualTo(200);
    assertThat(get(waiting).statusCode()).isEqualTo(200);
  }

  @Test
  void givesUpWhatIsNotDoneInTime() throws Exception {
    start(ServerLimits.DEFAULT.withWorkers(1).withTime(Duration.ofMillis(1500)));

    HttpResponse<byte[]> late = Client.send(client.post(SEGMENT, Client.cat()));

    assertThat(late.statusCode()).isEqualTo(503);
    assertThat(late.headers().firstValue("Retry-After")).hasValue("10");
    assertThat(Client.problem(late).getString("detail"))
        .isEqualTo(
            "the photo was not done within 1 s (--timeout). Try again later, or send a smaller"
                + " one");
    segmenter.pass(1);
    await("pixelwise_server_running", "0.0");
  }

  @Test
  void freesThePlaceOfAClientThatGoesAway() throws Exception {
    start(ServerLimits.DEFAULT.withWorkers(1).withQueue(1));
    CompletableFuture<HttpResponse<byte[]>> working = begin();
    segmenter.awaitCall();
    try (Socket socket = client.connect()) {
      send(socket, Client.cat(), Client.cat().length);
      await("pixelwise_server_waiting", "1.0");
    }

    await("pixelwise_server_waiting", "0.0");

    segmenter.pass(1);
    assertThat(get(working).statusCode()).isEqualTo(200);
    assertThat(segmenter.calls()).isEqualTo(1);
  }

  @Test
  void givesUpATiledPhotoBetweenTwoTiles() throws Exception {
    try (Segmenter slow = Segmenter.open()) {
      server =
          SegmentationServer.builder()
              .segmenter(slow)
              .limits(ServerLimits.DEFAULT.withWorkers(1).withTime(Duration.ofSeconds(1)))
              .port(0)
              .start();
      client = new Client(server);
      ByteArrayOutputStream white = new ByteArrayOutputStream();
      ImageIO.write(new BufferedImage(4000, 4000, BufferedImage.TYPE_INT_RGB), "png", white);
      // Some 16,000 runs of the network, which take longer than this test may.
      HttpResponse<byte[]> late =
          Client.send(client.post(SEGMENT + "&tiles=64&overlap=32", white.toByteArray()));

      await("pixelwise_server_running", "0.0");
      assertThat(late.statusCode()).isEqualTo(503);
    }
  }

  private static void send(Socket socket, byte[] body, int length) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(
        ("POST "
                + SEGMENT
                + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
                + length
                + "\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII));
    out.write(body);
    out.flush();
  }

  @Test
  void finishesWhatHasBegunWhenItCloses() throws Exception {
    start(ServerLimits.DEFAULT.withWorkers(1));
    CompletableFuture<HttpResponse<byte[]>> working = begin();
    segmenter.awaitCall();
    CompletableFuture<HttpResponse<byte[]>> waiting = begin();
    await("pixelwise_server_waiting", "1.0");

    CompletableFuture<Void> closed = CompletableFuture.runAsync(server::close);
    HttpResponse<byte[]> ready = client.get("/health/ready");
    while (ready.statusCode() == 200) {
      ready = client.get("/health/ready");
    }
    HttpResponse<byte[]> refused = Client.send(client.post(SEGMENT, Client.cat()));
    segmenter.pass(2);

    assertThat(ready.statusCode()).isEqualTo(503);
    assertThat(new JsonObject(new String(ready.body(), StandardCharsets.UTF_8)))
        .isEqualTo(new JsonObject().put("status", "DOWN").put("waiting", 1));
    assertThat(Client.problem(refused).getString("detail"))
        .isEqualTo("the server is shutting down. Try again later");
    assertThat(get(working).statusCode()).isEqualTo(200);
    assertThat(get(waiting).statusCode()).isEqualTo(200);
    closed.get(30, TimeUnit.SECONDS);
  }

  @Test
  void triesAgainAloneWhatRanOutOfMemoryNextToOthers() throws Exception {
    AtomicInteger failures = new AtomicInteger();
    segmenter.doing(
        () -> {
          if (failures.getAndIncrement() == 0) {
            throw new OutOfMemoryError("next to others");
          }
        });
    start(ServerLimits.DEFAULT.withWorkers(2));
    CompletableFuture<HttpResponse<byte[]>> first = begin();
    CompletableFuture<HttpResponse<byte[]>> second = begin();
    segmenter.pass(3);

    assertThat(get(first).statusCode()).isEqualTo(200);
    assertThat(get(second).statusCode()).isEqualTo(200);
    assertThat(segmenter.calls()).isEqualTo(3);
  }

  @Test
  void refusesAPhotoThatDoesNotFitInTheHeapAlone() throws Exception {
    segmenter.doing(
        () -> {
          throw new OutOfMemoryError("always");
        });
    start(ServerLimits.DEFAULT);
    segmenter.pass(2);

    HttpResponse<byte[]> response = Client.send(client.post(SEGMENT, Client.cat()));

    assertThat(response.statusCode()).isEqualTo(413);
    assertThat(Client.problem(response).getString("detail"))
        .isEqualTo(
            "the photo does not fit in the heap. Send a smaller one, or start the server with a"
                + " larger heap, for example JAVA_OPTS=-Xmx4g");
    segmenter.doing(() -> {}).pass(1);
    assertThat(Client.send(client.post(SEGMENT, Client.cat())).statusCode()).isEqualTo(200);
  }

  @Test
  void cutsOffAClientThatSendsItsPhotoTooSlowly() throws Exception {
    start(ServerLimits.DEFAULT.withTransfer(Duration.ofMillis(1200)));
    try (Socket socket = client.connect()) {
      send(socket, new byte[10], 1000);

      assertThat(Client.rest(socket))
          .startsWith("HTTP/1.1 408 Request Timeout\r\n")
          .contains("Connection: close")
          .endsWith("\"detail\":\"the request arrives too slowly: it is not there after 1 s\"}");
    }
  }

  @Test
  void cutsOffAClientThatSendsItsHeaderByteByByte() throws Exception {
    start(ServerLimits.DEFAULT.withTransfer(Duration.ofMillis(500)));
    try (Socket socket = client.connect()) {
      OutputStream out = socket.getOutputStream();
      out.write("GET / HTTP/1.1\r\nX-".getBytes(StandardCharsets.US_ASCII));
      CompletableFuture<Void> dribble =
          CompletableFuture.runAsync(
              () -> {
                try {
                  while (!Thread.interrupted()) {
                    out.write('a');
                    out.flush();
                    Thread.sleep(50);
                  }
                } catch (IOException | InterruptedException e) {
                  return; // cut off, as expected
                }
              });

      assertThat(Client.rest(socket)).isEmpty();
      dribble.get(30, TimeUnit.SECONDS);
    }
  }

  @Test
  void cutsOffAClientThatDoesNotReadItsAnswer() throws Exception {
    start(ServerLimits.DEFAULT.withTransfer(Duration.ofMillis(500)));
    try (Socket socket = client.connect()) {
      // Answers that no buffer of the operating system can hold.
      byte[] request =
          "GET /docs/swagger-ui-bundle.js HTTP/1.1\r\nHost: localhost\r\n\r\n"
              .getBytes(StandardCharsets.US_ASCII);
      for (int i = 0; i < 20; i++) {
        socket.getOutputStream().write(request);
      }
      await("pixelwise_server_held_bytes{direction=\"sent\"}", "0.0");

      assertThat(Client.rest(socket).length()).isLessThan(20 * 1_685_697);
    } catch (SocketException e) {
      assertThat(e).hasMessageContaining("reset");
    }
  }

  @Test
  void letsASmallPhotoPassALargeOne() throws Exception {
    HeapGate gate = new HeapGate(100 << 20);
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    Answer answer = Answer.of("text/plain", new byte[0]);
    CompletableFuture<Answer> large =
        async(
            () ->
                gate.run(
                    1 << 30,
                    () -> {
                      begun.countDown();
                      awaitQuietly(end);
                      return answer;
                    }));
    begun.await();

    assertThat(gate.run(1 << 20, () -> answer)).isSameAs(answer);
    assertThat(large).isNotDone();
    end.countDown();
    assertThat(large.get(30, TimeUnit.SECONDS)).isSameAs(answer);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static <T> CompletableFuture<T> async(Callable<T> task) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return task.call();
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        });
  }

  @Test
  void answersWhatIsNotDoneWhenTheGraceTimeIsOver() throws Exception {
    start(ServerLimits.DEFAULT.withWorkers(1).withGrace(Duration.ofMillis(300)));
    CompletableFuture<HttpResponse<byte[]>> working = begin();
    segmenter.awaitCall();

    CompletableFuture<Void> closed = CompletableFuture.runAsync(server::close);

    HttpResponse<byte[]> response = get(working);
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(Client.problem(response).getString("detail"))
        .isEqualTo("the server is shutting down. Try again later");
    segmenter.pass(1);
    closed.get(30, TimeUnit.SECONDS);
  }
}
