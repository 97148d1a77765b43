package io.github.pixelwise.zoo;

import io.github.pixelwise.internal.util.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/** Downloads checkpoints, following only redirects to HTTPS. */
final class Download {
  private static final int MAX_REDIRECTS = 5;
  private final HttpClient client;
  private final Duration answer;
  private final Duration silence;

  /**
   * Creates a downloader.
   *
   * @param client a client that follows no redirects and has a connect timeout
   * @param answer how long to wait for a response
   * @param silence how long to wait for each part of its body
   */
  Download(HttpClient client, Duration answer, Duration silence) {
    this.client = client;
    this.answer = answer;
    this.silence = silence;
  }

  /** Creates a downloader with the JVM's proxy and certificates. */
  static Download standard() {
    // By default, a client follows no redirects.
    return new Download(
        HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(30)).build(),
        Duration.ofSeconds(60),
        Duration.ofSeconds(60));
  }

  /**
   * Downloads an entry's checkpoint to a new file and verifies it.
   *
   * @param advice what to do if that fails, as a sentence
   */
  void to(Path file, ZooEntry entry, String advice, FetchProgress progress)
      throws IOException, InterruptedException {
    URI address = Mirror.of(entry.source());
    Verification verification = new Verification(entry, address, advice);
    HttpResponse<InputStream> response = open(address, verification);
    // The client's streams have no timeouts, so another thread reads while this one waits.
    ExecutorService reader =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread thread = new Thread(task, "pixelwise-download");
              thread.setDaemon(true);
              return thread;
            });
    try (InputStream in = response.body();
        OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW)) {
      OptionalLong announced = response.headers().firstValueAsLong("Content-Length");
      if (announced.isPresent()) {
        verification.requireSize(announced.getAsLong());
      }
      byte[] buffer = new byte[1 << 16];
      for (int length; (length = read(reader, in, buffer, verification)) >= 0; ) {
        verification.add(buffer, length);
        write(out, buffer, length, entry);
        progress.at(FetchProgress.Phase.DOWNLOADING, verification.done(), announced);
      }
      verification.finish();
    } finally {
      reader.shutdownNow();
    }
  }

  private static void write(OutputStream out, byte[] buffer, int length, ZooEntry entry)
      throws IOException {
    try {
      out.write(buffer, 0, length);
    } catch (IOException e) {
      throw Fetcher.unwritable(entry, e);
    }
  }

  private int read(ExecutorService reader, InputStream in, byte[] buffer, Verification verification)
      throws IOException, InterruptedException {
    try {
      return reader.submit(() -> in.read(buffer)).get(silence.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw verification.failure(
          "the connection broke after %s (%s)"
              .formatted(Verification.count(verification.done()), Reason.of(new IOException(e))),
          e);
    } catch (TimeoutException e) {
      throw verification.failure(
          "no data received for %s after %s"
              .formatted(seconds(silence), Verification.count(verification.done())),
          e);
    }
  }

  /** Requests an address, follows its redirects, and returns the content. */
  private HttpResponse<InputStream> open(URI address, Verification verification)
      throws IOException, InterruptedException {
    URI asked = address;
    for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      HttpResponse<InputStream> response = send(asked, verification);
      int status = response.statusCode();
      String location = response.headers().firstValue("Location").orElse("");
      String type = response.headers().firstValue("Content-Type").orElse("");
      if (status == 200 && !type.startsWith("text/html")) {
        return response;
      }
      response.body().close();
      if (status == 200) {
        throw verification.failure(
            "it is a web page (text/html), probably a login or error page", null);
      }
      if (status / 100 != 3 || location.isEmpty()) {
        throw verification.failure("the server responded with status " + status, null);
      }
      try {
        asked = asked.resolve(location);
      } catch (IllegalArgumentException e) {
        throw verification.failure("it redirects to \"" + location + "\"", e);
      }
      if (!"https".equalsIgnoreCase(asked.getScheme()) || asked.getHost() == null) {
        throw verification.failure("it redirects to " + asked + ", which is not HTTPS", null);
      }
    }
    throw verification.failure("it redirects more than " + MAX_REDIRECTS + " times", null);
  }

  private HttpResponse<InputStream> send(URI address, Verification verification)
      throws IOException, InterruptedException {
    try {
      return client.send(
          HttpRequest.newBuilder(address)
              .timeout(answer)
              .header("User-Agent", "Pixelwise (Java " + Runtime.version().feature() + ")")
              .build(),
          BodyHandlers.ofInputStream());
    } catch (IOException e) {
      throw verification.failure(reason(e), e);
    }
  }

  private String reason(IOException e) {
    if (e instanceof HttpTimeoutException) {
      return "no response within " + seconds(answer);
    }
    if (e instanceof ConnectException connect) {
      return "no connection (%s); if you are behind a proxy, set -Dhttps.proxyHost and -Dhttps.proxyPort"
          .formatted(unconnected(connect));
    }
    return e instanceof SSLException
        ? "no secure connection (" + Reason.of(e) + ")"
        : "the connection broke (" + Reason.of(e) + ")";
  }

  /** The reason for a failed connection if Java's exception has no message. */
  private static String unconnected(ConnectException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnresolvedAddressException) {
        return "unknown host";
      }
      if (cause instanceof ClosedChannelException) {
        return "connection refused";
      }
    }
    return Reason.of(e);
  }

  private static String seconds(Duration duration) {
    return duration.toMillis() / 1000.0 + " s";
  }
}
