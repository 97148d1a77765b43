package io.github.pixelwise.cli;

import java.io.PrintWriter;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * A progress bar on a terminal, nothing elsewhere; and errors above it. Safe for several threads.
 */
final class Progress implements AutoCloseable {
  /** Back to the begin of the line, and erase it: takes the bar away until it is drawn again. */
  private static final String ERASE_LINE = "\r\u001b[K";

  private final PrintWriter err;
  private final @Nullable ProgressBar bar;

  private Progress(PrintWriter err, @Nullable ProgressBar bar) {
    this.err = err;
    this.bar = bar;
  }

  static Progress of(int photographs, PrintWriter err) {
    return of(photographs > 1, "segment", " photos", 1, photographs, err);
  }

  /** For a number of bytes. */
  static Progress ofBytes(String task, long bytes, PrintWriter err) {
    return of(true, task, " MB", 1_000_000, bytes, err);
  }

  private static Progress of(
      boolean wanted, String task, String unit, long unitSize, long max, PrintWriter err) {
    // The launcher knows whether stderr, where the bar is drawn, is a terminal; Java does not.
    boolean shown = wanted && Boolean.getBoolean("segment.terminal");
    return new Progress(
        err,
        shown
            ? new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(max)
                .setUnit(unit, unitSize)
                .setStyle(ProgressBarStyle.ASCII)
                .showSpeed()
                .build()
            : null);
  }

  /** Tells how much is done. */
  void to(long done) {
    if (bar != null) {
      bar.stepTo(done).setExtraMessage("");
    }
  }

  /** Tells what is done that cannot be counted. */
  void says(String what) {
    if (bar != null) {
      bar.setExtraMessage(what);
    }
  }

  void step() {
    if (bar != null) {
      bar.step();
    }
  }

  void error(String message) {
    synchronized (err) {
      if (bar != null) {
        err.print(ERASE_LINE);
      }
      err.println("segment: " + message);
      err.flush();
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
