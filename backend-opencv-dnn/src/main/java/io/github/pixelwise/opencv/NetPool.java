package io.github.pixelwise.opencv;

import io.github.pixelwise.model.FloatTensor;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * The imported networks of a session: one for each input shape and concurrent caller, a bounded
 * number in all. Where there would be more, the least recently used idle one is dropped; where all
 * are in use, callers wait in the order in which they came.
 */
final class NetPool implements AutoCloseable {
  /** Imports the network for a shape. */
  interface Importer {
    SizedNet load(int[] shape) throws IOException;
  }

  private final Importer importer;
  private final int limit;

  /** One for each network that may be in use. */
  private final Semaphore permits;

  /** Owned, the least recently used first. */
  private final Deque<SizedNet> idle = new ArrayDeque<>();

  private int inUse;

  NetPool(Importer importer, int limit) {
    this.importer = importer;
    this.limit = limit;
    permits = new Semaphore(limit, true);
  }

  /**
   * How many networks to hold: one for each core, because a run takes all cores and more at a time
   * would wait for them; at least four, for photographs of several shapes; and no more than two
   * gigabytes of them, but two. Figures: docs/decisions/0012-a-net-for-each-input-shape.md.
   *
   * @param fileSize the bytes of the network's file, of which OpenCV makes about five times as much
   * @param cores the processor's cores
   */
  static int limit(long fileSize, int cores) {
    int wanted = Math.max(4, Math.min(8, cores));
    return (int) Math.max(2, Math.min(wanted, (2L << 30) / (5 * Math.max(1, fileSize))));
  }

  /**
   * Imports the network for a shape, so that the first run need not.
   *
   * @throws RuntimeException if OpenCV cannot, with its own message
   */
  void prepare(int[] shape) throws IOException {
    permits.acquireUninterruptibly();
    try {
      giveBack(take(shape));
    } finally {
      permits.release();
    }
  }

  /**
   * Runs the network on an input.
   *
   * @throws RuntimeException if OpenCV cannot, with its own message
   */
  FloatTensor run(FloatTensor images, String output) throws IOException {
    permits.acquireUninterruptibly();
    try {
      SizedNet net = take(images.shape());
      try {
        FloatTensor result = net.run(images, output);
        giveBack(net);
        return result;
      } catch (RuntimeException | Error e) {
        // What a failure leaves behind in it is not known.
        drop(net);
        throw e;
      }
    } finally {
      permits.release();
    }
  }

  private SizedNet take(int[] shape) throws IOException {
    SizedNet surplus;
    synchronized (this) {
      SizedNet net = removeIdle(shape);
      surplus = net == null && idle.size() + inUse == limit ? idle.pollFirst() : null;
      inUse++;
      if (net != null) {
        return net;
      }
    }
    if (surplus != null) {
      surplus.close();
    }
    try {
      return importer.load(shape);
    } catch (IOException | RuntimeException | Error e) {
      synchronized (this) {
        inUse--;
      }
      throw e;
    }
  }

  /** Takes out the network for a shape that was used last, whose memory is the warmest. */
  private @Nullable SizedNet removeIdle(int[] shape) {
    for (Iterator<SizedNet> nets = idle.descendingIterator(); nets.hasNext(); ) {
      SizedNet net = nets.next();
      if (net.takes(shape)) {
        nets.remove();
        return net;
      }
    }
    return null;
  }

  private synchronized void giveBack(SizedNet net) {
    inUse--;
    idle.addLast(net);
  }

  private void drop(SizedNet net) {
    synchronized (this) {
      inUse--;
    }
    net.close();
  }

  /** Frees all networks. None is in use any more. */
  @Override
  public synchronized void close() {
    idle.forEach(SizedNet::close);
    idle.clear();
  }
}
