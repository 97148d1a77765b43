package io.github.pixelwise.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the server makes of bytes that no HTTP library would send. */
@Timeout(60)
class ProtocolTest {
  private final HeldSegmenter segmenter = new HeldSegmenter();
  private SegmentationServer server;
  private Client client;

  @BeforeEach
  void start() throws IOException {
    server = SegmentationServer.builder().segmenter(segmenter).port(0).start();
    client = new Client(server);
    segmenter.pass(1000);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static byte[] post(String header, byte[] body) throws IOException {
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    request.write(("POST /v1/segment?write=json " + header + "\r\n\r\n").getBytes(US_ASCII));
    request.write(body);
    return request.toByteArray();
  }

  @Test
  void understandsHttp10() throws IOException {
    byte[] cat = Client.cat();

    String answer = client.raw(post("HTTP/1.0\r\nContent-Length: " + cat.length, cat));

    assertThat(answer).startsWith("HTTP/1.0 200 OK\r\n").contains("\"model\" : \"held\"");
  }

  @Test
  void answersSeveralRequestsOnOneConnectionInTurn() throws IOException {
    byte[] cat = Client.cat();
    ByteArrayOutputStream requests = new ByteArrayOutputStream();
    requests.write(post("HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + cat.length, cat));
    requests.write(
        "GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
            .getBytes(US_ASCII));

    String answer = client.raw(requests.toByteArray());

    assertThat(answer).containsSubsequence("HTTP/1.1 200 OK", "held", "HTTP/1.1 200 OK", "UP");
  }

  @Test
  void answersHeadWithoutABody() throws IOException {
    String answer =
        client.raw("HEAD /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

    assertThat(answer)
        .startsWith("HTTP/1.1 200 OK\r\n")
        .contains("Content-Length: 15\r\n")
        .endsWith("\r\n\r\n");
  }

  @Test
  void asksForABodyOnlyIfItIsWanted() throws IOException {
    try (Socket socket = client.connect()) {
      byte[] cat = Client.cat();
      String header =
          Client.head(
              "POST /v1/segment?write=json HTTP/1.1",
              "Host: localhost",
              "Expect: 100-continue",
              "Connection: close",
              "Content-Length: %d");
      socket.getOutputStream().write(header.formatted(cat.length).getBytes(US_ASCII));
      InputStream in = socket.getInputStream();
      byte[] goOn = in.readNBytes("HTTP/1.1 100 Continue\r\n\r\n".length());
      socket.getOutputStream().write(cat);

      assertThat(new String(goOn, ISO_8859_1)).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
      assertThat(Client.rest(socket)).startsWith("HTTP/1.1 200 OK\r\n");
    }
    String refused =
        client.raw(
            Client.head(
                "POST /v1/segment HTTP/1.1",
                "Host: localhost",
                "Expect: 100-continue",
                "Content-Length: 999999999"));
    assertThat(refused).startsWith("HTTP/1.1 413 Request Entity Too Large\r\n");
  }

  private void requireProblem(String request, String status, String detail) throws IOException {
    String answer = client.raw(request);

    assertThat(answer)
        .startsWith("HTTP/1.")
        .contains(" " + status + "\r\n")
        .contains("Content-Type: application/problem+json\r\n")
        .containsIgnoringCase("Connection: close\r\n")
        .contains(detail);
  }

  @Test
  void refusesAFloodOfHeaders() throws IOException {
    requireProblem(
        "GET / HTTP/1.1\r\nHost: localhost\r\n" + "X-Flood: aaaaaaaaaaaaaaaa\r\n".repeat(2000),
        "431 Request Header Fields Too Large",
        "\"detail\":\"the request's header is too long\"");
  }

  @Test
  void refusesALineThatIsTooLong() throws IOException {
    requireProblem(
        "GET /" + "a".repeat(20_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "414 Request-URI Too Long",
        "\"detail\":\"the request's first line is too long\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "this is not HTTP",
        "GET",
        "POST /v1/segment HTTP/1.1|Host: localhost|Content-Length: -5",
        "POST /v1/segment HTTP/1.1|Host: localhost|Content-Length: five",
        "POST /v1/segment HTTP/1.1|Host: localhost|Content-Length: 99999999999999999999",
        "POST /v1/segment HTTP/1.1|Host: localhost|Content-Length: 5|Content-Length: 6",
        "GET / HTTP/1.1|Host: localhost|Bad Name : x"
      })
  void refusesWhatIsNotHttp(String request) throws IOException {
    String answer = client.raw(Client.head(request.split("\\|")));

    assertThat(answer).matches("(?s)HTTP/1\\.[01] 400 Bad Request\r\n.*\"status\":400,.*");
    assertThat(
            client.raw("GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
        .contains("UP");
  }

  @Test
  void survivesRandomBytes() throws IOException {
    Random random = new Random(3);
    for (int i = 0; i < 200; i++) {
      byte[] bytes = new byte[1 + random.nextInt(400)];
      random.nextBytes(bytes);
      try (Socket socket = client.connect()) {
        socket.getOutputStream().write(bytes);
        socket.shutdownOutput();
        Client.rest(socket);
      } catch (SocketException e) {
        assertThat(e).hasMessageContaining("reset");
      }
    }

    assertThat(
            client.raw("GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
        .contains("UP");
  }

  @Test
  void forgetsBodiesThatStopHalfWay() throws Exception {
    for (int i = 0; i < 20; i++) {
      try (Socket socket = client.connect()) {
        socket
            .getOutputStream()
            .write(post("HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000", new byte[50_000]));
      }
    }
    String held;
    do {
      held = new String(client.get("/metrics").body(), StandardCharsets.UTF_8);
    } while (!held.contains("pixelwise_server_held_bytes{direction=\"received\"} 0.0"));

    assertThat(segmenter.calls()).isZero();
  }

  @Test
  void refusesADamagedForm() throws IOException {
    byte[] body =
        "--x\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"a\"\r\n\r\nabc"
            .getBytes(US_ASCII);

    String answer =
        client.raw(
            post(
                "HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                    + "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: "
                    + body.length,
                body));

    assertThat(answer)
        .startsWith("HTTP/1.1 400 Bad Request\r\n")
        .contains("\"detail\":\"the form ends within part photo\"");
  }

  @Test
  void refusesMalformedEscapes() throws IOException {
    byte[] cat = Client.cat();
    String answer =
        client.raw(
            new String(
                    post(
                        "HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: "
                            + cat.length,
                        cat),
                    ISO_8859_1)
                .replace("write=json", "write=%zz"));

    assertThat(answer)
        .startsWith("HTTP/1.1 400 Bad Request\r\n")
        .contains("the query is not valid: write %25 for a percent sign");
  }
}
