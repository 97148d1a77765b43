package io.github.pixelwise;

import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The threads that work on one picture outside the engine: they prepare it and decode its scores.
 * Immutable; may be shared.
 *
 * <p>The calling thread always takes part, so a call finishes even if the executor never runs its
 * tasks. Results do not depend on the number of threads.
 */
public final class Parallelism {
  /** The JVM's common pool, with as many threads as it has. */
  private static final Parallelism COMMON =
      new Parallelism(
          ForkJoinPool.commonPool(),
          Runtime.getRuntime().availableProcessors() == 1
              ? 1
              : ForkJoinPool.getCommonPoolParallelism() + 1);

  /** Bands per thread; several of them even out rows of unequal cost. */
  private static final int BANDS = 4;

  private final Executor executor;
  private final int threads;

  private Parallelism(Executor executor, int threads) {
    this.executor = executor;
    this.threads = threads;
  }

  /** Works on some rows of a picture. */
  @FunctionalInterface
  public interface Band {
    /**
     * Works on the rows {@code from} (inclusive) to {@code to} (exclusive). Called by several
     * threads at once, each with different rows.
     *
     * @param from the first row
     * @param to the row after the last
     */
    void work(int from, int to);
  }

  /** {@return the JVM's common pool, with all its threads} */
  public static Parallelism common() {
    return COMMON;
  }

  /**
   * Uses threads that somebody else owns, such as those of a server or a Spark executor.
   *
   * @param executor runs the work; it may be used by others at the same time
   * @param threads the maximum number of threads that work on one picture, including the calling
   *     thread; at least 1
   * @return the parallelism
   * @throws IllegalArgumentException if {@code threads} is below 1
   */
  public static Parallelism of(Executor executor, int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads must be at least 1, found " + threads);
    }
    return new Parallelism(Objects.requireNonNull(executor, "executor"), threads);
  }

  /**
   * Returns this parallelism with at most the given number of threads.
   *
   * @param threads the maximum number of threads that work on one picture, at least 1
   * @return the new parallelism
   * @throws IllegalArgumentException if {@code threads} is below 1
   */
  public Parallelism atMost(int threads) {
    return of(executor, Math.min(threads, this.threads));
  }

  /**
   * {@return the maximum number of threads that work on one picture, including the calling thread}
   */
  public int threads() {
    return threads;
  }

  /**
   * Divides rows into bands and works on them; returns when all are done. If bands fail, throws the
   * exception of one of them.
   *
   * @param rows the number of rows
   * @param minimum the fewest rows worth a band of their own, from 1
   * @param band the work
   */
  public void forRows(int rows, int minimum, Band band) {
    int bands = Math.max(1, Math.min(rows / minimum, threads == 1 ? 1 : BANDS * threads));
    if (bands == 1) {
      band.work(0, rows);
      return;
    }
    Work work = new Work(rows, bands, band);
    int helpers = Math.min(threads, bands) - 1;
    try {
      for (int i = 0; i < helpers; i++) {
        executor.execute(work);
      }
    } catch (RejectedExecutionException e) {
      // This thread does the rest itself, below.
    }
    work.run();
    work.await();
  }

  /** Bands that threads take one by one until none are left. */
  private static final class Work implements Runnable {
    private final int rows;
    private final int bands;
    private final Band band;
    private final AtomicInteger next = new AtomicInteger();
    private final CountDownLatch unfinished;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    Work(int rows, int bands, Band band) {
      this.rows = rows;
      this.bands = bands;
      this.band = band;
      this.unfinished = new CountDownLatch(bands);
    }

    @Override
    public void run() {
      for (int i = next.getAndIncrement(); i < bands; i = next.getAndIncrement()) {
        try {
          band.work((int) ((long) rows * i / bands), (int) ((long) rows * (i + 1) / bands));
        } catch (RuntimeException | Error e) {
          failure.set(e);
        } finally {
          unfinished.countDown();
        }
      }
    }

    /** Waits for the bands that other threads have started; each is short. */
    void await() {
      boolean interrupted = false;
      while (unfinished.getCount() > 0) {
        try {
          unfinished.await();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      Throwable thrown = failure.get();
      if (thrown instanceof Error error) {
        throw error;
      }
      if (thrown != null) {
        throw (RuntimeException) thrown;
      }
    }
  }
}
