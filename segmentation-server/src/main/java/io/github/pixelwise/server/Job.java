package io.github.pixelwise.server;

import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A request's work in the {@link WorkQueue}. */
final class Job implements Runnable {
  private final Work work;
  private final BiConsumer<@Nullable Answer, @Nullable Throwable> done;
  private final Stages stages = new Stages();
  private volatile boolean cancelled;
  private @Nullable Thread worker;

  /** What a worker does for a request. */
  @FunctionalInterface
  interface Work {
    /**
     * Does it.
     *
     * @param job to be asked between steps whether the result is still wanted, and told how long
     *     steps took
     * @return the answer
     */
    Answer run(Job job) throws Exception;
  }

  /** The result is no longer wanted. */
  static final class CancelledException extends RuntimeException {
    private static final long serialVersionUID = 1;

    @Override
    public synchronized Throwable fillInStackTrace() {
      return this;
    }
  }

  /**
   * @param done is called with the answer or the failure on the worker's thread, unless cancelled
   */
  Job(Work work, BiConsumer<@Nullable Answer, @Nullable Throwable> done) {
    this.work = work;
    this.done = done;
  }

  /** How long each step took so far. */
  Stages stages() {
    return stages;
  }

  /** Gives the work up at its next step, or between two tiles. */
  synchronized void cancel() {
    cancelled = true;
    if (worker != null) {
      worker.interrupt();
    }
  }

  /**
   * Ends the work if its result is no longer wanted.
   *
   * @throws CancelledException if so
   */
  void checkpoint() {
    if (cancelled) {
      throw new CancelledException();
    }
  }

  @Override
  public void run() {
    Answer answer = null;
    Throwable failure = null;
    if (!begin()) {
      return;
    }
    try {
      answer = work.run(this);
    } catch (Throwable e) {
      failure = e;
    } finally {
      end();
    }
    if (!cancelled) {
      done.accept(answer, failure);
    }
  }

  private synchronized boolean begin() {
    if (!cancelled) {
      worker = Thread.currentThread();
      stages.end("queue");
    }
    return !cancelled;
  }

  /** Leaves no interruption to the thread's next job. */
  private synchronized void end() {
    worker = null;
    boolean unused = Thread.interrupted();
  }
}
