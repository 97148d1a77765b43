package io.github.pixelwise.server;

import io.vertx.core.Vertx;
import java.time.Duration;

/**
 * Cuts off a client that sends or receives too slowly: it may take the given time, and as much more
 * as its bytes take at {@link #SLOWEST}. Used on the event loop only.
 */
final class TransferTimer {
  /** Bytes a second; half of what the slowest mobile networks carry. */
  private static final int SLOWEST = 16 << 10;

  private static final long MOST_CHECK_MILLIS = 1000;

  private final Vertx vertx;
  private final Duration patience;
  private final Runnable whenSlow;
  private long begun = System.nanoTime();
  private final long timer;
  private long bytes;

  /**
   * @param whenSlow is run once if the client is too slow
   */
  TransferTimer(Vertx vertx, Duration patience, Runnable whenSlow) {
    this.vertx = vertx;
    this.patience = patience;
    this.whenSlow = whenSlow;
    long check = Math.max(1, Math.min(MOST_CHECK_MILLIS, patience.toMillis() / 2));
    timer = vertx.setPeriodic(check, id -> check());
  }

  /** Bytes were transferred. */
  void add(int more) {
    bytes += more;
  }

  /** Begins anew: what was transferred so far may be in buffers of the operating system. */
  void restart() {
    begun = System.nanoTime();
    bytes = 0;
  }

  void stop() {
    vertx.cancelTimer(timer);
  }

  private void check() {
    double allowed = patience.toNanos() + 1e9 * bytes / SLOWEST;
    if (System.nanoTime() - begun > allowed) {
      stop();
      whenSlow.run();
    }
  }
}
