package io.github.pixelwise.cli;

import io.github.pixelwise.training.EpochResult;
import io.github.pixelwise.training.TrainingListener;
import io.github.pixelwise.training.TrainingProgress;
import java.io.PrintWriter;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Prints how a training goes. On a terminal, its progress is a line that is written again and
 * again; elsewhere, it is a new line now and then.
 */
final class TrainingOutput implements TrainingListener, AutoCloseable {
  private static final Duration REWRITE = Duration.ofMillis(200);
  private static final Duration NEW_LINE = Duration.ofSeconds(10);

  /** Returns to the start of the line and erases it. */
  private static final String ERASE_LINE = "\r\u001b[K";

  /** Keep a line that is longer than the terminal is wide from going on in the next one. */
  private static final String NO_WRAP = "\u001b[?7l";

  private static final String WRAP = "\u001b[?7h";

  private final PrintWriter out;
  private final PrintWriter err;
  private final boolean terminal;
  private final Duration pause;
  private @Nullable Long last;
  private boolean shown;

  /**
   * @param out where results go
   * @param err where progress and notes go
   * @param terminal whether that is a terminal
   */
  TrainingOutput(PrintWriter out, PrintWriter err, boolean terminal) {
    this.out = out;
    this.err = err;
    this.terminal = terminal;
    pause = terminal ? REWRITE : NEW_LINE;
  }

  @Override
  public void onNote(String text) {
    clear();
    err.println("segment: " + text);
    err.flush();
  }

  @Override
  public void onStep(TrainingProgress progress) {
    show(progress.toString());
  }

  /** Shows a line of progress, unless the last one is too new. */
  void show(String progress) {
    long now = System.nanoTime();
    if (last != null && now - last < pause.toNanos()) {
      return;
    }
    last = now;
    if (terminal) {
      err.print(ERASE_LINE + NO_WRAP + progress + WRAP);
      shown = true;
    } else {
      err.println(progress);
    }
    err.flush();
  }

  @Override
  public void onEpoch(EpochResult epoch) {
    print(epoch.toString());
  }

  /** Prints a result. */
  void print(String result) {
    clear();
    out.println(result);
    out.flush();
  }

  /** Erases the progress line. */
  void clear() {
    if (shown) {
      err.print(ERASE_LINE);
      err.flush();
      shown = false;
    }
  }

  @Override
  public void close() {
    clear();
  }
}
