package io.github.pixelwise.internal.plugin;

import java.util.Timer;
import java.util.TimerTask;

/** Logs one warning if a step takes longer than five seconds. */
public final class SlowStep {
  private static final long PATIENCE_MILLISECONDS = 5000;
  private static final System.Logger LOGGER = System.getLogger("io.github.pixelwise");

  private SlowStep() {}

  /**
   * Something that may take long, perhaps in native code, so that another thread has to report it.
   */
  @FunctionalInterface
  public interface Step<T, E extends Exception> {
    /** Runs the step. */
    T run() throws E;
  }

  /** Runs a step, and logs a warning with the message if it takes long. */
  public static <T, E extends Exception> T watch(String message, Step<T, E> step) throws E {
    return watch(
        PATIENCE_MILLISECONDS, () -> LOGGER.log(System.Logger.Level.WARNING, message), step);
  }

  static <T, E extends Exception> T watch(
      long patienceMilliseconds, Runnable teller, Step<T, E> step) throws E {
    Timer timer = new Timer("pixelwise slow step", true);
    timer.schedule(
        new TimerTask() {
          @Override
          public void run() {
            teller.run();
          }
        },
        patienceMilliseconds);
    try {
      return step.run();
    } finally {
      timer.cancel();
    }
  }
}
