package io.github.pixelwise.server;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Talks to a server, as HTTP clients do, and as they should not. */
final class Client {
  static final Path CAT = Path.of("../examples/photos/chelsea.png");

  private static final String BOUNDARY = "----a-boundary";
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final SegmentationServer server;

  Client(SegmentationServer server) {
    this.server = server;
  }

  static byte[] cat() throws IOException {
    return Files.readAllBytes(CAT);
  }

  /** A part of a form. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Part(String header, byte[] body) {
    static Part field(String name, String value) {
      return new Part("name=\"%s\"".formatted(name), value.getBytes(StandardCharsets.UTF_8));
    }

    static Part file(String name, String fileName, byte[] body) {
      return new Part("name=\"%s\"; filename=\"%s\"".formatted(name, fileName), body);
    }
  }

  /** The header of a request. */
  static String head(String... lines) {
    return String.join("\r\n", lines) + "\r\n\r\n";
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(server.uri().resolve(path));
  }

  HttpRequest.Builder post(String path, byte[] body) {
    return request(path).POST(BodyPublishers.ofByteArray(body));
  }

  HttpRequest.Builder form(String path, Part... parts) {
    List<byte[]> body = new ArrayList<>();
    for (Part part : parts) {
      body.add(
          ("--" + BOUNDARY + "\r\nContent-Disposition: form-data; " + part.header() + "\r\n\r\n")
              .getBytes(StandardCharsets.UTF_8));
      body.add(part.body());
      body.add("\r\n".getBytes(StandardCharsets.UTF_8));
    }
    body.add(("--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.UTF_8));
    return request(path)
        .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
        .POST(BodyPublishers.ofByteArrays(body));
  }

  /** Sends a body whose length its header does not tell. */
  HttpRequest.Builder chunked(String path, byte[] body) {
    BodyPublisher publisher = BodyPublishers.ofByteArrays(List.of(body));
    return request(path).POST(BodyPublishers.fromPublisher(publisher));
  }

  static HttpResponse<byte[]> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return HTTP.send(request.build(), BodyHandlers.ofByteArray());
  }

  HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
    return send(request(path));
  }

  /** The problem that a response describes. */
  static JsonObject problem(HttpResponse<byte[]> response) {
    String type = response.headers().firstValue("Content-Type").orElse("none");
    if (!type.equals("application/problem+json")) {
      throw new AssertionError(
          "expected a problem, found status %d, %s, %d bytes"
              .formatted(response.statusCode(), type, response.body().length));
    }
    JsonObject problem = new JsonObject(new String(response.body(), StandardCharsets.UTF_8));
    if (problem.getInteger("status") != response.statusCode()) {
      throw new AssertionError(response.statusCode() + " is not that of " + problem);
    }
    return problem;
  }

  Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
    socket.setSoTimeout(20_000);
    return socket;
  }

  /** Sends bytes as they are, and returns all that comes until the server closes. */
  String raw(String text) throws IOException {
    return raw(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  String raw(byte[] bytes) throws IOException {
    try (Socket socket = connect()) {
      OutputStream out = socket.getOutputStream();
      out.write(bytes);
      out.flush();
      return rest(socket);
    }
  }

  /** All that comes until the server closes. */
  static String rest(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
  }
}
