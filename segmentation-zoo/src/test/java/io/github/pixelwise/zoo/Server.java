package io.github.pixelwise.zoo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.github.pixelwise.zoo.internal.transfer.Download;
import io.github.pixelwise.zoo.internal.transfer.Http;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A server on this host, with a certificate of its own, that answers every path alike. */
final class Server implements AutoCloseable {
  private static final char[] PASSWORD = "password".toCharArray();

  /** Answers a request. */
  @FunctionalInterface
  interface Answer {
    void to(HttpExchange exchange) throws IOException;
  }

  private final HttpServer server;
  private final String address;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<String> requests = new CopyOnWriteArrayList<>();

  private Server(HttpServer server, String scheme, Answer answer) {
    this.server = server;
    address = scheme + "://localhost:" + server.getAddress().getPort();
    server.createContext(
        "/",
        exchange -> {
          requests.add(exchange.getRequestURI().getPath());
          try (exchange) {
            answer.to(exchange);
          }
        });
    server.setExecutor(threads);
    server.start();
  }

  static Server http(Answer answer) throws IOException {
    return new Server(HttpServer.create(anyPort(), 0), "http", answer);
  }

  static Server https(SSLContext certificate, Answer answer) throws IOException {
    HttpsServer server = HttpsServer.create(anyPort(), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(certificate));
    return new Server(server, "https", answer);
  }

  private static InetSocketAddress anyPort() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  /** A certificate of this host's, made anew, which the context both has and trusts. */
  static SSLContext certificate(Path folder) throws Exception {
    Path file = folder.resolve("keys.p12");
    Process keytool =
        new ProcessBuilder(
                (Path.of(System.getProperty("java.home"), "bin", "keytool")
                        + " -genkeypair -alias server -keyalg EC -validity 2 -dname CN=localhost"
                        + " -ext san=dns:localhost -storetype PKCS12 -storepass password -keystore "
                        + file)
                    .split(" "))
            .inheritIO()
            .start();
    if (keytool.waitFor() != 0) {
      throw new IllegalStateException("keytool ended with " + keytool.exitValue());
    }
    return context(file);
  }

  private static SSLContext context(Path file) throws GeneralSecurityException, IOException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      keys.load(in, PASSWORD);
    }
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("server", keys.getCertificate("server"));
    KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    own.init(keys, PASSWORD);
    TrustManagerFactory others =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    others.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(own.getKeyManagers(), others.getTrustManagers(), null);
    return context;
  }

  /** Sends requests to servers with that certificate. */
  static Http http(SSLContext certificate, Duration answer, Duration silence, Http.Pause pause) {
    return new Http(
        HttpClient.newBuilder().sslContext(certificate).build(), answer, silence, pause);
  }

  /** Downloads from servers with that certificate. */
  static Download download(SSLContext certificate, Duration answer, Duration silence) {
    return new Download(http(certificate, answer, silence, seconds -> {}));
  }

  URI address(String path) {
    return URI.create(address + path);
  }

  /** The paths asked for. */
  List<String> requests() {
    return requests;
  }

  /** Answers with a content. */
  static void send(HttpExchange exchange, int status, byte[] content) throws IOException {
    exchange.sendResponseHeaders(status, content.length);
    exchange.getResponseBody().write(content);
  }

  /** Redirects. */
  static void redirect(HttpExchange exchange, Object location) throws IOException {
    exchange.getResponseHeaders().add("Location", location.toString());
    exchange.sendResponseHeaders(302, -1);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
