package io.github.pixelwise.zoo.internal.transfer;

import io.github.pixelwise.internal.util.Reason;
import io.github.pixelwise.zoo.FetchProgress;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Sends requests, follows only safe redirects, and waits when a server asks for it. */
public final class Http {
  private static final int MAX_REDIRECTS = 5;
  private static final int MAX_WAITS = 3;

  private final HttpClient client;
  private final Duration answer;
  private final Duration silence;
  private final Pause pause;

  /** Waits. */
  @FunctionalInterface
  public interface Pause {
    /** Waits for some seconds. */
    void of(long seconds) throws InterruptedException;
  }

  /** Makes the exception for a failure. */
  @FunctionalInterface
  public interface Failure {
    /**
     * Makes an exception.
     *
     * @param found what was found, without a period
     */
    IOException of(String found, @Nullable Throwable cause);

    /** Makes the exception for a connection that could not be made, or broke. */
    default IOException broken(String found, Throwable cause) {
      return of(found, cause);
    }
  }

  /**
   * A request.
   *
   * @param method GET or HEAD; the answer to HEAD may be a redirect to another server
   * @param address where it goes
   * @param headers its headers
   * @param secrets more headers, which are not sent to any other server
   */
  public record Request(
      String method, URI address, Map<String, String> headers, Map<String, String> secrets) {
    /** A request for a file that anybody may read. */
    public static Request get(URI address) {
      return new Request("GET", address, Map.of(), Map.of());
    }

    Request with(String header, String value) {
      Map<String, String> more = new HashMap<>(headers);
      more.put(header, value);
      return new Request(method, address, more, secrets);
    }
  }

  /**
   * Creates a sender.
   *
   * @param client a client that follows no redirects and has a connect timeout
   * @param answer how long to wait for a response
   * @param silence how long to wait for each part of its body
   * @param pause how to wait when a server asks for it
   */
  public Http(HttpClient client, Duration answer, Duration silence, Pause pause) {
    this.client = client;
    this.answer = answer;
    this.silence = silence;
    this.pause = pause;
  }

  /** Creates a sender with the JVM's proxy and certificates. */
  public static Http standard() {
    // By default, a client follows no redirects.
    return new Http(
        HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(30)).build(),
        Duration.ofSeconds(60),
        Duration.ofSeconds(60),
        TimeUnit.SECONDS::sleep);
  }

  /**
   * Sends a request, follows its redirects, and repeats it if the server asks to wait for at most
   * five minutes.
   *
   * @return the response, with any status; the caller closes its body
   */
  public HttpResponse<InputStream> send(Request request, FetchProgress progress, Failure failure)
      throws IOException, InterruptedException {
    for (int waits = 0; ; waits++) {
      HttpResponse<InputStream> response = follow(request, failure);
      OptionalLong wait = RetryAfter.seconds(response);
      if (waits == MAX_WAITS || wait.isEmpty() || wait.getAsLong() > RetryAfter.LONGEST) {
        return response;
      }
      response.body().close();
      progress.at(FetchProgress.Phase.WAITING, 0, OptionalLong.empty());
      pause.of(wait.getAsLong());
    }
  }

  private HttpResponse<InputStream> follow(Request request, Failure failure)
      throws IOException, InterruptedException {
    URI asked = request.address;
    boolean home = true; // false from the first other server on, even if that one leads back
    for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      home &= isSameServer(asked, request.address);
      HttpResponse<InputStream> response = sendOnce(asked, request, home, failure);
      Optional<String> location = response.headers().firstValue("Location");
      if (response.statusCode() / 100 != 3 || location.isEmpty()) {
        return response;
      }
      URI next = target(asked, location.get(), failure);
      if (request.method.equals("HEAD") && !isSameServer(next, request.address)) {
        return response;
      }
      response.body().close();
      asked = next;
    }
    throw failure.of("it redirects more than " + MAX_REDIRECTS + " times", null);
  }

  private static URI target(URI from, String location, Failure failure) throws IOException {
    URI target;
    try {
      target = from.resolve(location);
    } catch (IllegalArgumentException e) {
      throw failure.of("it redirects to \"" + location + "\"", e);
    }
    boolean safe =
        ("https".equalsIgnoreCase(target.getScheme()) && target.getHost() != null)
            || isSameServer(target, from);
    if (!safe) {
      throw failure.of("it redirects to " + target + ", which is not HTTPS", null);
    }
    return target;
  }

  private static boolean isSameServer(URI one, URI other) {
    return String.valueOf(one.getScheme()).equalsIgnoreCase(other.getScheme())
        && String.valueOf(one.getHost()).equalsIgnoreCase(other.getHost())
        && one.getPort() == other.getPort();
  }

  private HttpResponse<InputStream> sendOnce(
      URI address, Request request, boolean home, Failure failure)
      throws IOException, InterruptedException {
    HttpRequest.Builder message =
        HttpRequest.newBuilder(address)
            .method(request.method, HttpRequest.BodyPublishers.noBody())
            .timeout(answer)
            .header("User-Agent", "Pixelwise (Java " + Runtime.version().feature() + ")");
    request.headers.forEach(message::header);
    if (home) {
      request.secrets.forEach(message::header);
    }
    try {
      return client.send(message.build(), BodyHandlers.ofInputStream());
    } catch (IOException e) {
      throw failure.broken(reason(e), e);
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

  /**
   * Opens a response's body.
   *
   * @param before the number of bytes received in earlier responses, for messages
   */
  public Body body(HttpResponse<InputStream> response, long before, Failure failure) {
    return new Body(response.body(), before, failure);
  }

  /** A body that is given up if it falls silent. */
  public final class Body implements AutoCloseable {
    private final InputStream in;
    private final Failure failure;
    // The client's streams have no timeouts, so another thread reads while the caller waits.
    private final ExecutorService reader =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread thread = new Thread(task, "pixelwise-download");
              thread.setDaemon(true);
              return thread;
            });
    private long done;

    private Body(InputStream in, long before, Failure failure) {
      this.in = in;
      this.done = before;
      this.failure = failure;
    }

    /** Reads some bytes and returns their number, -1 at the end. */
    public int read(byte[] buffer) throws IOException, InterruptedException {
      try {
        int length =
            reader.submit(() -> in.read(buffer)).get(silence.toMillis(), TimeUnit.MILLISECONDS);
        done += Math.max(0, length);
        return length;
      } catch (ExecutionException e) {
        throw failure.broken(
            "the connection broke after %s (%s)"
                .formatted(Verification.count(done), Reason.of(new IOException(e))),
            e);
      } catch (TimeoutException e) {
        throw failure.broken(
            "no data received for %s after %s"
                .formatted(seconds(silence), Verification.count(done)),
            e);
      }
    }

    @Override
    public void close() throws IOException {
      reader.shutdownNow();
      in.close();
    }
  }
}
