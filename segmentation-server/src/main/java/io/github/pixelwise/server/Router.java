package io.github.pixelwise.server;

import io.github.pixelwise.Segmenter;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Answers requests by their paths. Used on the event loop only, but for {@link #drain}. */
final class Router {
  /** The methods of each path that is not a file. */
  static final Map<String, Set<String>> PATHS =
      Map.of(
          "/v1/segment", Set.of("POST"),
          "/api/remove", Set.of("POST"),
          "/v1/models", Set.of("GET"),
          "/v1/backends", Set.of("GET"),
          "/metrics", Set.of("GET"),
          "/health/live", Set.of("GET"),
          "/health/ready", Set.of("GET"));

  private final Vertx vertx;
  private final ServedModels models;
  private final ServerLimits limits;
  private final Access access;
  private final WorkQueue queue;
  private final ByteBudget received;
  private final ByteBudget sent;
  private final Meters meters;
  private final PhotoWork photos;
  private final Resources resources = new Resources();
  private final Set<Exchange> open = ConcurrentHashMap.newKeySet();
  private volatile boolean draining;

  Router(
      Vertx vertx,
      ServedModels models,
      ServerLimits limits,
      Access access,
      WorkQueue queue,
      ByteBudget received,
      ByteBudget sent,
      HeapGate gate,
      Meters meters) {
    this.vertx = vertx;
    this.models = models;
    this.limits = limits;
    this.access = access;
    this.queue = queue;
    this.received = received;
    this.sent = sent;
    this.meters = meters;
    photos = new PhotoWork(gate, limits);
  }

  /** Refuses what comes from now on. */
  void drain() {
    draining = true;
  }

  /** Whether all requests are answered, and the answers sent. */
  boolean isIdle() {
    return open.isEmpty() && sent.held() == 0;
  }

  /** Answers the requests that there is no time left for. */
  void refuseOpen() {
    open.forEach(exchange -> exchange.fail(WorkQueue.stopping()));
  }

  private Exchange exchange(HttpServerRequest request, String route) {
    Exchange exchange =
        new Exchange(
            vertx,
            request,
            received.lease(),
            sent.lease(),
            limits.transfer(),
            access.headers(request),
            answered -> {
              open.remove(answered);
              meters.answered(route, answered.status(), answered.age());
            });
    open.add(exchange);
    return exchange;
  }

  /** Answers a request. */
  void handle(HttpServerRequest request) {
    String path = Objects.requireNonNullElse(request.path(), "");
    Exchange exchange = exchange(request, PATHS.containsKey(path) ? path : "file");
    try {
      access.requireOwnPages(request);
      route(path, exchange);
    } catch (Throwable e) { // a request without an answer would wait forever
      exchange.fail(e);
    }
  }

  /** Answers what is not valid HTTP. */
  void refuse(HttpServerRequest request) {
    Throwable cause = request.decoderResult().cause();
    Problem problem;
    if (cause instanceof TooLongHttpLineException) {
      problem = new Problem(414, "the request's first line is too long");
    } else if (cause instanceof TooLongHttpHeaderException) {
      problem = new Problem(431, "the request's header is too long");
    } else if (cause instanceof TooLongFrameException) {
      problem = new Problem(413, "a chunk of the body is too long");
    } else {
      problem = new Problem(400, "the request is not valid HTTP: " + cause.getMessage());
    }
    Exchange exchange = exchange(request, "invalid");
    exchange.answer(problem.answer().with("Connection", "close"));
    request.connection().close();
  }

  private void route(String path, Exchange exchange) {
    HttpMethod method = exchange.request().method();
    if (method.equals(HttpMethod.OPTIONS)) {
      exchange.answer(access.preflight(exchange.request()));
      return;
    }
    Set<String> methods = PATHS.get(path);
    if (methods == null) {
      Optional<Answer> file = resources.find(path);
      requireMethod(file.isPresent() ? Set.of("GET") : Set.of(method.name()), method, path);
      exchange.answer(file.orElseThrow(() -> notFound(path)));
      return;
    }
    requireMethod(methods, method, path);
    switch (path) {
      case "/health/live" -> exchange.answer(Answer.json(new JsonObject().put("status", "UP")));
      case "/health/ready" -> exchange.answer(readiness());
      default -> {
        access.requireToken(exchange.request());
        answer(path, exchange);
      }
    }
  }

  private static Problem notFound(String path) {
    return new Problem(
        404, "there is nothing at %s; see /docs for what this server does".formatted(path));
  }

  private static void requireMethod(Set<String> allowed, HttpMethod method, String path) {
    boolean isGet = method.equals(HttpMethod.HEAD) && allowed.contains("GET");
    if (!isGet && !allowed.contains(method.name())) {
      String fetching =
          path.equals("/api/remove") && method.equals(HttpMethod.GET)
              ? ". This server fetches no URLs; send the photo itself"
              : "";
      throw new Problem(
          405,
          "%s takes %s, found %s%s"
              .formatted(path, String.join(", ", allowed), method.name(), fetching),
          Map.of("Allow", String.join(", ", allowed)));
    }
  }

  private Answer readiness() {
    JsonObject document = new JsonObject().put("status", draining ? "DOWN" : "UP");
    Answer answer = Answer.json(document.put("waiting", queue.waiting()));
    return draining
        ? new Answer(503, answer.contentType(), answer.body(), Map.of("Retry-After", "10"))
        : answer;
  }

  private void answer(String path, Exchange exchange) {
    switch (path) {
      case "/v1/models" -> exchange.answer(Answer.json(Descriptions.models(models, limits)));
      case "/v1/backends" -> describeBackends(exchange);
      case "/metrics" -> exchange.answer(meters.answer());
      case "/v1/segment" -> receive(exchange, this::segment);
      case "/api/remove" -> receive(exchange, this::remove);
      default -> throw new IllegalStateException("no endpoint " + path);
    }
  }

  /** Asking backends may load their engines. */
  private void describeBackends(Exchange exchange) {
    vertx
        .executeBlocking(() -> Answer.json(Descriptions.backends(models)))
        .onSuccess(exchange::answer)
        .onFailure(exchange::fail);
  }

  /** A photo, and what is to be done with it. */
  private record Order(Segmenter segmenter, Job.Work work) {}

  /** Understands what a client wants. */
  @FunctionalInterface
  private interface Endpoint {
    Order order(Map<String, List<String>> query, Upload upload, Exchange exchange);
  }

  private Order segment(Map<String, List<String>> query, Upload upload, Exchange exchange) {
    SegmentParameters parameters = SegmentParameters.of(query, upload, models);
    String accepted = Objects.requireNonNullElse(exchange.header("Accept"), "");
    boolean asParts = accepted.toLowerCase(Locale.ROOT).contains("multipart/");
    return new Order(parameters.segmenter(), new SegmentWork(photos, parameters, upload, asParts));
  }

  private Order remove(Map<String, List<String>> query, Upload upload, Exchange exchange) {
    RemoveParameters parameters = RemoveParameters.of(query, upload, models);
    return new Order(parameters.segmenter(), new RemoveWork(photos, parameters, upload.photo()));
  }

  private void receive(Exchange exchange, Endpoint endpoint) {
    if (draining) {
      throw WorkQueue.stopping();
    }
    Map<String, List<String>> query = query(exchange.request());
    new UploadReader(exchange, limits)
        .read(vertx, upload -> work(exchange, endpoint.order(query, upload, exchange)));
  }

  private static Map<String, List<String>> query(HttpServerRequest request) {
    try {
      return new QueryStringDecoder(request.uri()).parameters();
    } catch (IllegalArgumentException e) {
      throw new Problem(400, "the query is not valid: write %25 for a percent sign");
    }
  }

  private void work(Exchange exchange, Order order) {
    Context context = vertx.getOrCreateContext();
    String model = order.segmenter().model().name();
    String backend = order.segmenter().runtime().backend();
    Job[] added = new Job[1];
    Job job =
        new Job(
            work -> {
              sent.awaitRoom();
              return order.work().run(work);
            },
            (answer, failure) ->
                context.runOnContext(
                    done -> {
                      if (answer == null) {
                        exchange.fail(Objects.requireNonNull(failure));
                        return;
                      }
                      meters.segmented(model, backend, added[0].stages());
                      exchange.answer(
                          answer
                              .with("Pixelwise-Model", model)
                              .with("Pixelwise-Backend", backend)
                              .with("Server-Timing", added[0].stages().serverTiming()));
                    }));
    added[0] = job;
    queue.add(job);
    long timer = vertx.setTimer(limits.time().toMillis(), id -> exchange.fail(late()));
    exchange.whenOver(
        () -> {
          vertx.cancelTimer(timer);
          queue.cancel(job);
        });
  }

  private Problem late() {
    return new Problem(
        503,
        "the photo was not done within %d s (--timeout). Try again later, or send a smaller one"
            .formatted(limits.time().toSeconds()),
        Map.of("Retry-After", "10"));
  }
}
