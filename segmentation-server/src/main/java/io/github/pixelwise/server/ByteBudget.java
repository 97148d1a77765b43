package io.github.pixelwise.server;

import java.util.Map;

/** Bounds the bytes of requests, or of answers, that the server holds for all clients together. */
final class ByteBudget {
  private final long most;
  private long held;

  ByteBudget(long most) {
    this.most = most;
  }

  /** What one request holds. Used by one thread at a time; closing it again does nothing. */
  final class Lease implements AutoCloseable {
    private long bytes;

    /**
     * Takes more.
     *
     * @throws Problem if the server holds too much already
     */
    void take(long more) {
      if (!change(more, most)) {
        throw new Problem(
            503,
            "the server is receiving more than it has memory for. Try again in 1 s",
            Map.of("Retry-After", "1"));
      }
      bytes += more;
    }

    /** Takes more, whether there is room or not: the bytes are there already. */
    void force(long more) {
      bytes += change(more, Long.MAX_VALUE) ? more : 0;
    }

    @Override
    public void close() {
      change(-bytes, Long.MAX_VALUE);
      bytes = 0;
    }
  }

  Lease lease() {
    return new Lease();
  }

  private synchronized boolean change(long more, long limit) {
    if (held + more > limit) {
      return false;
    }
    held += more;
    notifyAll();
    return true;
  }

  /** Waits until less is held than may be. */
  synchronized void awaitRoom() throws InterruptedException {
    while (held >= most) {
      wait();
    }
  }

  synchronized long held() {
    return held;
  }
}
