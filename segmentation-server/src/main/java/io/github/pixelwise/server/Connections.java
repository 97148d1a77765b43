package io.github.pixelwise.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpServerConnection;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Cuts off the connections of clients that keep the server waiting: on which no request begins for
 * a while, because it is kept alive for nothing, or its header comes byte by byte; or which send
 * requests but do not read the answers. Used on the event loop only.
 */
final class Connections {
  private final Vertx vertx;
  private final Duration patience;
  private final Map<HttpConnection, Long> timers = new HashMap<>();

  Connections(Vertx vertx, Duration patience) {
    this.vertx = vertx;
    this.patience = patience;
  }

  void opened(HttpConnection connection) {
    connection.closeHandler(closed -> cancel(timers.remove(connection)));
    restart(connection);
  }

  /**
   * Begins a request, and waits for the next one when it is answered.
   *
   * @return false if its client does not read its answers, and is cut off
   */
  boolean begun(HttpServerRequest request) {
    HttpConnection connection = request.connection();
    if (!channel(connection).isWritable()) {
      cutOff(connection);
      return false;
    }
    cancel(timers.remove(connection));
    request.response().endHandler(ended -> restart(connection));
    return true;
  }

  /** Closes a connection, even if its client does not read what was sent. */
  static void cutOff(HttpConnection connection) {
    // From the first handler on: others, which are Vert.x's, would wait for what was sent.
    ChannelHandlerContext first = channel(connection).pipeline().firstContext();
    if (first != null) { // else it is closed already
      var unused = first.close();
    }
  }

  private static Channel channel(HttpConnection connection) {
    return ((HttpServerConnection) connection).channelHandlerContext().channel();
  }

  private void restart(HttpConnection connection) {
    cancel(timers.put(connection, vertx.setTimer(patience.toMillis(), id -> cutOff(connection))));
  }

  private void cancel(@Nullable Long timer) {
    if (timer != null) {
      vertx.cancelTimer(timer);
    }
  }
}
