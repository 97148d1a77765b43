package io.github.pixelwise.internal.util;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Works on the rows of a picture in parallel, on the JVM's common pool. */
public final class Rows {
  private Rows() {}

  /** Works on rows {@code from} (inclusive) to {@code to} (exclusive). */
  @FunctionalInterface
  public interface Band {
    /** Called once for each band, by several threads. */
    void work(int from, int to);
  }

  /**
   * Divides rows into bands and works on them in parallel; returns when all are done. If bands
   * fail, throws the exception of one of them.
   *
   * @param rows the number of rows
   * @param minimum the fewest rows worth a band of their own
   * @param band the work
   */
  public static void inParallel(int rows, int minimum, Band band) {
    // Four bands a thread even out rows of unequal cost.
    int bands =
        Math.max(1, Math.min(rows / minimum, 4 * (ForkJoinPool.getCommonPoolParallelism() + 1)));
    // The pool would throw a copy of an exception, with another message.
    AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
    IntStream.range(0, bands)
        .parallel()
        .forEach(
            i -> {
              try {
                band.work((int) ((long) rows * i / bands), (int) ((long) rows * (i + 1) / bands));
              } catch (RuntimeException e) {
                failure.set(e);
              }
            });
    RuntimeException thrown = failure.get();
    if (thrown != null) {
      throw thrown;
    }
  }
}
