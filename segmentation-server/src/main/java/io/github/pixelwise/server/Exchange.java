package io.github.pixelwise.server;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A request and its one answer. Used on the event loop only. */
final class Exchange {
  /** How long a client that was answered early may go on sending. */
  private static final Duration LINGER = Duration.ofSeconds(2);

  private static final int CHUNK = 1 << 16;

  private final Vertx vertx;
  private final HttpServerRequest request;
  private final ByteBudget.Lease received;
  private final ByteBudget.Lease sent;
  private final Duration transfer;
  private final Map<String, String> headers;
  private final Consumer<Exchange> whenAnswered;
  private final long begun = System.nanoTime();
  private int status;
  private Runnable whenOver = () -> {};

  /**
   * @param received what the request's body holds in memory; closed when it is answered
   * @param sent what the answer holds in memory; closed when it is gone
   * @param transfer how long the client may take to receive the answer
   * @param headers header fields of every answer
   * @param whenAnswered is told when the answer is known
   */
  Exchange(
      Vertx vertx,
      HttpServerRequest request,
      ByteBudget.Lease received,
      ByteBudget.Lease sent,
      Duration transfer,
      Map<String, String> headers,
      Consumer<Exchange> whenAnswered) {
    this.vertx = vertx;
    this.request = request;
    this.received = received;
    this.sent = sent;
    this.transfer = transfer;
    this.headers = headers;
    this.whenAnswered = whenAnswered;
    request.response().closeHandler(closed -> gone());
    // A body that cannot be understood is answered; a connection that fails is closed, too.
    request.response().exceptionHandler(failure -> {});
  }

  HttpServerRequest request() {
    return request;
  }

  /** What the request's body holds in memory. */
  ByteBudget.Lease received() {
    return received;
  }

  /** The status of the answer, 0 as long as there is none. */
  int status() {
    return status;
  }

  /** How long it took until now. */
  Duration age() {
    return Duration.ofNanos(System.nanoTime() - begun);
  }

  boolean isOpen() {
    return status == 0;
  }

  /** Sets what to do when the request is answered, or its client has gone away. */
  void whenOver(Runnable action) {
    whenOver = action;
  }

  /** Ends an exchange whose client has gone away. */
  private void gone() {
    if (isOpen()) {
      over(499); // as nginx logs it
    }
    sent.close();
  }

  private void over(int code) {
    status = code;
    received.close();
    whenAnswered.accept(this);
    whenOver.run();
  }

  void fail(Throwable e) {
    answer(Problem.of(e).answer());
  }

  /** Answers, unless the request is answered already. */
  void answer(Answer answer) {
    if (!isOpen()) {
      return;
    }
    over(answer.status());
    HttpServerResponse response = request.response();
    response.setStatusCode(answer.status());
    response.setStatusMessage(HttpResponseStatus.valueOf(answer.status()).reasonPhrase());
    headers.forEach(response::putHeader);
    response.putHeader("Content-Type", answer.contentType());
    response.putHeader("Content-Length", String.valueOf(answer.body().length));
    answer.headers().forEach(response::putHeader);
    sent.force(answer.body().length);
    boolean complete = isComplete();
    if (!complete) {
      response.putHeader("Connection", "close");
    }
    TransferTimer timer =
        new TransferTimer(vertx, transfer, () -> Connections.cutOff(request.connection()));
    Buffer body =
        request.method().equals(HttpMethod.HEAD) ? Buffer.buffer() : Buffer.buffer(answer.body());
    write(body, 0, timer)
        .onComplete(
            done -> {
              timer.stop();
              sent.close();
              if (!complete) {
                lingerAndClose();
              }
            });
  }

  /** Writes the rest of a body, as fast as the client takes it. */
  private Future<Void> write(Buffer body, int from, TransferTimer timer) {
    int to = Math.min(body.length(), from + CHUNK);
    Buffer chunk = body.slice(from, to);
    return to == body.length()
        ? request.response().end(chunk)
        : request
            .response()
            .write(chunk)
            .compose(
                written -> {
                  timer.restart();
                  return write(body, to, timer);
                });
  }

  /** Whether the client has sent its request to the end. */
  private boolean isComplete() {
    String length = Objects.requireNonNullElse(header("Content-Length"), "0");
    boolean isShort = header("Transfer-Encoding") == null && length.equals("0");
    return isShort || request.isEnded();
  }

  /**
   * Closes the connection when the client has stopped sending: a reset before that could keep it
   * from reading the answer.
   */
  private void lingerAndClose() {
    if (request.isEnded()) {
      request.connection().close();
      return;
    }
    request.handler(rest -> {}).exceptionHandler(failure -> {});
    request.endHandler(end -> request.connection().close());
    request.resume();
    vertx.setTimer(LINGER.toMillis(), id -> Connections.cutOff(request.connection()));
  }

  /** The value of a header field; null if there is none. */
  @Nullable String header(String name) {
    return request.getHeader(name);
  }
}
