package io.github.pixelwise.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may use a server. */
class AccessTest {
  private final SegmentationServer.Builder builder =
      SegmentationServer.builder().segmenter(new HeldSegmenter()).port(0);

  @Test
  void listensOnThisMachineOnly() throws Exception {
    try (SegmentationServer server = builder.start()) {
      assertThat(server.uri()).hasHost("127.0.0.1").hasPort(server.port());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "192.168.1.1", "example.org", "127.evil.org"})
  void demandsATokenWhereOtherMachinesReachIt(String host) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.host(host).start())
        .withMessage(
            "host %s can be reached by other machines. Set a token that clients must know"
                + " (--token), or let everyone in (--insecure)",
            host);
  }

  @Test
  void letsEveryoneInIfItIsTold() throws Exception {
    try (SegmentationServer server = builder.host("0.0.0.0").insecure().start()) {
      HttpResponse<byte[]> models = Client.send(local(server, "/v1/models"));

      assertThat(models.statusCode()).isEqualTo(200);
    }
  }

  private static HttpRequest.Builder local(SegmentationServer server, String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
  }

  @Test
  void letsOnlyThoseInWhoKnowTheToken() throws Exception {
    try (SegmentationServer server = builder.host("0.0.0.0").token("secret").start()) {
      HttpResponse<byte[]> without = Client.send(local(server, "/v1/models"));
      HttpResponse<byte[]> wrong =
          Client.send(local(server, "/v1/models").header("Authorization", "Bearer secre"));
      HttpResponse<byte[]> right =
          Client.send(local(server, "/v1/models").header("Authorization", "Bearer secret"));

      assertThat(without.statusCode()).isEqualTo(401);
      assertThat(without.headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
      assertThat(Client.problem(without).getString("detail"))
          .isEqualTo("this server needs its token: send the header Authorization: Bearer TOKEN");
      assertThat(wrong.statusCode()).isEqualTo(401);
      assertThat(right.statusCode()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/health/live", "/health/ready", "/docs", "/openapi.json"})
  void needsNoTokenForPagesAndHealth(String path) throws Exception {
    try (SegmentationServer server = builder.token("secret").start()) {
      assertThat(new Client(server).get(path).statusCode()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/models", "/v1/backends", "/metrics", "/v1/segment", "/api/remove"})
  void needsTheTokenForAllElse(String path) throws Exception {
    try (SegmentationServer server = builder.token("secret").start()) {
      Client client = new Client(server);
      HttpResponse<byte[]> response =
          Client.send(
              path.contains("/v1/s") || path.contains("api")
                  ? client.post(path, new byte[1])
                  : client.request(path));

      assertThat(response.statusCode()).isEqualTo(401);
    }
  }

  @Test
  void refusesPagesOfOtherOrigins() throws Exception {
    try (SegmentationServer server = builder.start()) {
      HttpResponse<byte[]> response =
          Client.send(
              new Client(server)
                  .post("/v1/segment", Client.cat())
                  .header("Origin", "https://evil.example"));

      assertThat(response.statusCode()).isEqualTo(403);
      assertThat(response.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
      assertThat(Client.problem(response).getString("detail"))
          .isEqualTo(
              "pages of https://evil.example may not use this server; start it with --cors"
                  + " https://evil.example to allow them");
    }
  }

  @Test
  void allowsItsOwnPages() throws Exception {
    try (SegmentationServer server = builder.start()) {
      HttpResponse<byte[]> response =
          Client.send(
              new Client(server)
                  .request("/v1/models")
                  .header("Origin", "http://127.0.0.1:" + server.port()));

      assertThat(response.statusCode()).isEqualTo(200);
    }
  }

  @Test
  void allowsThePagesOfAnOriginThatIsNamed() throws Exception {
    try (SegmentationServer server = builder.allowOrigin("https://good.example").start()) {
      Client client = new Client(server);
      HttpResponse<byte[]> response =
          Client.send(client.request("/v1/models").header("Origin", "https://good.example"));
      HttpResponse<byte[]> preflight =
          Client.send(
              client
                  .request("/v1/segment")
                  .method("OPTIONS", BodyPublishers.noBody())
                  .header("Origin", "https://good.example")
                  .header("Access-Control-Request-Method", "POST"));

      assertThat(response.headers().firstValue("Access-Control-Allow-Origin"))
          .hasValue("https://good.example");
      assertThat(response.headers().firstValue("Vary")).hasValue("Origin");
      assertThat(preflight.statusCode()).isEqualTo(204);
      assertThat(preflight.headers().firstValue("Access-Control-Allow-Methods"))
          .hasValue("GET, POST");
      assertThat(preflight.headers().firstValue("Access-Control-Allow-Headers"))
          .hasValue("Authorization, Content-Type");
    }
  }

  @Test
  void refusesNamesThatOnlyPretendToBeThisMachine() throws Exception {
    try (SegmentationServer server = builder.start()) {
      String answer =
          new Client(server)
              .raw("GET /v1/models HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");

      assertThat(answer)
          .startsWith("HTTP/1.1 421 Misdirected Request\r\n")
          .contains("the request is for host evil.example. Call localhost, or start the server");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/v1/models", "/nothing", "/docs", "/health/live"})
  void tellsBrowsersToBeCareful(String path) throws Exception {
    try (SegmentationServer server = builder.start()) {
      HttpResponse<byte[]> response = new Client(server).get(path);

      assertThat(response.headers().map())
          .containsKeys(
              "content-security-policy",
              "x-content-type-options",
              "x-frame-options",
              "referrer-policy",
              "cross-origin-opener-policy",
              "cross-origin-resource-policy");
      assertThat(response.headers().firstValue("Content-Security-Policy").orElseThrow())
          .contains("default-src 'none'", "frame-ancestors 'none'");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"LOCALHOST", "localhost.", "localhost:1", "127.0.0.1", "[::1]"})
  void knowsTheNamesOfThisMachine(String host) throws Exception {
    try (SegmentationServer server = builder.start()) {
      String answer =
          new Client(server)
              .raw(Client.head("GET /v1/models HTTP/1.1", "Host: " + host, "Connection: close"));

      assertThat(answer).startsWith("HTTP/1.1 200 OK\r\n");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"X-Nothing: a", "Host: localhost|Host: evil.example"})
  void needsOneHost(String headers) throws Exception {
    try (SegmentationServer server = builder.start()) {
      String answer =
          new Client(server)
              .raw(
                  Client.head(
                      "GET /v1/models HTTP/1.1",
                      headers.replace("|", "\r\n"),
                      "Connection: close"));

      assertThat(answer)
          .startsWith("HTTP/1.1 400 Bad Request\r\n")
          .contains("the request needs one header Host, with the name of this server");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", "null", "example.org", "https://example.org/", "https://a b"})
  void refusesWhatIsNoOrigin(String origin) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.allowOrigin(origin))
        .withMessage(
            "an origin must be SCHEME://HOST or SCHEME://HOST:PORT, such as https://example.org,"
                + " found \"%s\"",
            origin);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "two words", "s\u00e9cret", "line\n"})
  void refusesTokensThatNoHeaderCarries(String token) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.token(token))
        .withMessageStartingWith("a token must be ASCII characters without blanks, found ");
  }
}
