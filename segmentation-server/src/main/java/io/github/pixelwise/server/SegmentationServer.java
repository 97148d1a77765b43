package io.github.pixelwise.server;

import io.github.pixelwise.Segmenter;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Segments photos that are sent over HTTP, and serves a page to try it: docs/server.md lists what
 * it answers. Its answers are the bytes that {@code segment run} writes.
 *
 * <pre>{@code
 * try (Segmenter segmenter = Segmenter.open();
 *     SegmentationServer server = SegmentationServer.builder().segmenter(segmenter).start()) {
 *   System.out.println("Serving on " + server.uri());
 *   ...
 * }
 * }</pre>
 *
 * <p>It owns threads and a port until closed. Safe for use by several threads.
 */
public final class SegmentationServer implements AutoCloseable {
  /** The port if none is set. */
  public static final int DEFAULT_PORT = 8080;

  /** The address if none is set: only programs on this machine reach it. */
  public static final String DEFAULT_HOST = "127.0.0.1";

  private static final int LONGEST_HEADER = 16 << 10;
  private static final int LONGEST_LINE = 8 << 10;
  private static final int LAST_ANSWERS_MILLIS = 200;

  private static final System.Logger LOG = System.getLogger(SegmentationServer.class.getName());

  private final Vertx vertx;
  private final HttpServer http;
  private final Router router;
  private final WorkQueue queue;
  private final Meters meters;
  private final String host;
  private final Duration grace;
  private final int bytes;
  private final AtomicBoolean closed = new AtomicBoolean();

  private SegmentationServer(Builder from, ServedModels models) {
    // Of the heap, half is for photos, and an eighth each for what is received and what is sent.
    long heap = Runtime.getRuntime().maxMemory();
    ServerLimits limits =
        from.limits.withBytes((int) Math.min(from.limits.bytes(), Math.max(1, heap / 8)));
    host = from.host;
    grace = limits.grace();
    bytes = limits.bytes();
    vertx =
        Vertx.vertx(
            new VertxOptions()
                .setEventLoopPoolSize(1)
                .setFileSystemOptions(
                    new FileSystemOptions()
                        .setClassPathResolvingEnabled(false)
                        .setFileCachingEnabled(false)));
    queue = new WorkQueue(limits.workers(), limits.queue());
    ByteBudget received = new ByteBudget(heap / 8);
    ByteBudget sent = new ByteBudget(heap / 8);
    meters = new Meters(queue, received, sent);
    router =
        new Router(
            vertx,
            models,
            limits,
            new Access(from.token, from.origins, Access.isLoopback(host)),
            queue,
            received,
            sent,
            new HeapGate(heap / 2),
            meters);
    Connections connections = new Connections(vertx, limits.transfer());
    http =
        vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setMaxInitialLineLength(LONGEST_LINE)
                    .setMaxHeaderSize(LONGEST_HEADER)
                    .setMaxFormAttributeSize(limits.bytes())
                    .setMaxFormFields(100)
                    .setMaxFormBufferedBytes(1 << 16)
                    .setHttp2ClearTextEnabled(false) // limits and timers are per connection
                    .setHandle100ContinueAutomatically(false)
                    .setDecompressionSupported(false)
                    .setCompressionSupported(false))
            .connectionHandler(connections::opened)
            .invalidRequestHandler(router::refuse)
            .requestHandler(
                request -> {
                  if (connections.begun(request)) {
                    router.handle(request);
                  }
                });
  }

  /**
   * Starts a server.
   *
   * @return a builder, set to {@link #DEFAULT_PORT} on {@link #DEFAULT_HOST}
   */
  public static Builder builder() {
    return new Builder();
  }

  private SegmentationServer listen(int port) throws IOException {
    try {
      http.listen(port, host).toCompletionStage().toCompletableFuture().join();
    } catch (RuntimeException e) {
      stop();
      Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
      throw new IOException(
          "cannot listen on %s, port %d: %s. Choose another one with --port and --host"
              .formatted(host, port, cause.getMessage()),
          e);
    }
    LOG.log(System.Logger.Level.INFO, "serving on {0}, bodies of up to {1} bytes", uri(), bytes);
    return this;
  }

  /** {@return the port that it listens on} */
  public int port() {
    return http.actualPort();
  }

  /** {@return the address of its page} */
  public URI uri() {
    String address = host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
    return URI.create("http://%s:%d/".formatted(address, port()));
  }

  /**
   * Stops: takes no more requests, waits for those that have begun, at most for the {@linkplain
   * ServerLimits#withGrace grace time}, answers the others with status 503, and closes its port.
   * The segmenters stay open. Closing again does nothing.
   */
  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    router.drain();
    CountDownLatch idle = new CountDownLatch(1);
    long timer =
        vertx.setPeriodic(
            1,
            10,
            id -> {
              if (router.isIdle()) {
                idle.countDown();
              }
            });
    try {
      boolean done = idle.await(grace.toMillis(), TimeUnit.MILLISECONDS);
      vertx.cancelTimer(timer);
      if (!done) {
        refuseOpen();
      }
      queue.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    stop();
  }

  /** Answers what is not done yet, and lets the answers be sent. */
  private void refuseOpen() throws InterruptedException {
    CountDownLatch refused = new CountDownLatch(1);
    vertx.runOnContext(
        now -> {
          router.refuseOpen();
          vertx.setTimer(LAST_ANSWERS_MILLIS, id -> refused.countDown());
        });
    refused.await();
  }

  private void stop() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
    meters.close();
  }

  /** Builds a {@link SegmentationServer}. Not safe for use by several threads. */
  public static final class Builder {
    private final List<Segmenter> segmenters = new ArrayList<>();
    private final Set<String> origins = new HashSet<>();
    private String host = DEFAULT_HOST;
    private int port = DEFAULT_PORT;
    private ServerLimits limits = ServerLimits.DEFAULT;
    private @Nullable String token;
    private boolean insecure;

    private Builder() {}

    /**
     * Adds a model, as one backend runs it. The first model is the default of requests, and so is
     * the first backend of each.
     *
     * @param segmenter what runs it; not closed by the server
     * @return this builder
     */
    public Builder segmenter(Segmenter segmenter) {
      segmenters.add(Objects.requireNonNull(segmenter, "segmenter"));
      return this;
    }

    /**
     * Sets the address to listen on.
     *
     * @param host a name or an address of this machine; {@code 0.0.0.0} for all
     * @return this builder
     */
    public Builder host(String host) {
      this.host = Objects.requireNonNull(host, "host");
      return this;
    }

    /**
     * Sets the port to listen on.
     *
     * @param port 1 to 65535, or 0 for any that is free
     * @return this builder
     * @throws IllegalArgumentException if it is out of range
     */
    public Builder port(int port) {
      if (port < 0 || port > 65535) {
        throw new IllegalArgumentException("the port must be 0 to 65535, found " + port);
      }
      this.port = port;
      return this;
    }

    /**
     * Sets how much the server takes on. The default is {@link ServerLimits#DEFAULT}.
     *
     * @param limits the limits
     * @return this builder
     */
    public Builder limits(ServerLimits limits) {
      this.limits = Objects.requireNonNull(limits, "limits");
      return this;
    }

    /**
     * Requires clients to send a token, as {@code Authorization: Bearer TOKEN}. Pages and health
     * checks need none.
     *
     * @param token the token, of visible ASCII characters without blanks
     * @return this builder
     * @throws IllegalArgumentException if it is empty, or has other characters
     */
    public Builder token(String token) {
      this.token = Access.requireToken(token);
      return this;
    }

    /**
     * Lets everyone in who reaches the server, also if it listens on an address that other machines
     * reach.
     *
     * @return this builder
     */
    public Builder insecure() {
      insecure = true;
      return this;
    }

    /**
     * Lets the pages of another origin use the server (CORS).
     *
     * @param origin the origin, such as {@code https://example.org}
     * @return this builder
     * @throws IllegalArgumentException if it is no origin, but for example has a path
     */
    public Builder allowOrigin(String origin) {
      origins.add(Access.requireOrigin(origin));
      return this;
    }

    /**
     * Starts the server.
     *
     * @return the server, to be closed by the caller
     * @throws IOException if it cannot listen there
     * @throws IllegalArgumentException if there is no segmenter, or two for one model and backend;
     *     or if other machines reach the host, and there is neither a token nor {@link #insecure}
     */
    public SegmentationServer start() throws IOException {
      ServedModels models = new ServedModels(segmenters);
      if (!Access.isLoopback(host) && token == null && !insecure) {
        throw new IllegalArgumentException(
            ("host %s can be reached by other machines. Set a token that clients must know"
                    + " (--token), or let everyone in (--insecure)")
                .formatted(host));
      }
      return new SegmentationServer(this, models).listen(port);
    }
  }
}
