package io.github.pixelwise.server;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A bounded queue of requests, and the threads that work on them, first come, first served. */
final class WorkQueue {
  /** How much the last job counts in the mean time of jobs. */
  private static final double LAST = 0.1;

  private static final int LONGEST_RETRY = 60;
  private static final Duration LAST_STEP = Duration.ofSeconds(2);

  private final ThreadPoolExecutor workers;
  private final AtomicLong meanNanos = new AtomicLong(TimeUnit.SECONDS.toNanos(1));

  WorkQueue(int workers, int capacity) {
    AtomicInteger number = new AtomicInteger();
    this.workers =
        new ThreadPoolExecutor(
            workers,
            workers,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(capacity),
            task -> {
              Thread thread = new Thread(task, "pixelwise-worker-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            }) {
          @Override
          protected void beforeExecute(Thread thread, Runnable job) {
            begun.set(System.nanoTime());
          }

          @Override
          protected void afterExecute(Runnable job, Throwable failure) {
            long took = System.nanoTime() - begun.get();
            meanNanos.updateAndGet(mean -> (long) (mean + LAST * (took - mean)));
          }

          private final ThreadLocal<Long> begun = ThreadLocal.withInitial(System::nanoTime);
        };
  }

  /**
   * Adds a job.
   *
   * @throws Problem if the queue is full or closed
   */
  void add(Job job) {
    try {
      workers.execute(job);
    } catch (RejectedExecutionException e) {
      if (workers.isShutdown()) {
        throw stopping();
      }
      throw new Problem(
          429,
          "the queue of %d is full. Try again in %d s"
              .formatted(workers.getQueue().size(), retrySeconds()),
          Map.of("Retry-After", String.valueOf(retrySeconds())));
    }
  }

  static Problem stopping() {
    return new Problem(
        503, "the server is shutting down. Try again later", Map.of("Retry-After", "10"));
  }

  /** Gives a job up, and frees its place if it has not begun. */
  void cancel(Job job) {
    job.cancel();
    workers.remove(job);
  }

  /** When there will be room in the queue again, roughly. */
  private int retrySeconds() {
    double nanos = (double) meanNanos.get() * workers.getQueue().size() / workers.getCorePoolSize();
    return (int) Math.max(1, Math.min(LONGEST_RETRY, Math.ceil(nanos / 1e9)));
  }

  int waiting() {
    return workers.getQueue().size();
  }

  int running() {
    return workers.getActiveCount();
  }

  /** Takes no more jobs, gives up those it has, and waits for the last step of each. */
  void close() throws InterruptedException {
    workers.shutdownNow().forEach(job -> ((Job) job).cancel());
    workers.awaitTermination(LAST_STEP.toMillis(), TimeUnit.MILLISECONDS);
  }
}
