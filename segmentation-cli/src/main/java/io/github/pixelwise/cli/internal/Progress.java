package io.github.pixelwise.cli.internal;

import java.io.PrintWriter;
import java.util.OptionalLong;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** A progress bar if standard error is a terminal, with errors printed above it. Thread-safe. */
public final class Progress implements AutoCloseable {
  /** Returns to the start of the line and erases it, until the bar is drawn again. */
  private static final String ERASE_LINE = "\r\u001b[K";

  private final PrintWriter err;
  private final @Nullable ProgressBar bar;
  private boolean saidToWait;

  private Progress(PrintWriter err, @Nullable ProgressBar bar) {
    this.err = err;
    this.bar = bar;
  }

  /**
   * A bar that counts photos, if there are several.
   *
   * @param photographs how many
   * @param err standard error
   * @return the bar
   */
  public static Progress of(int photographs, PrintWriter err) {
    return of(photographs > 1, "segment", " photos", 1, photographs, err);
  }

  /**
   * A bar that counts bytes.
   *
   * @param task what is done
   * @param bytes how many there are
   * @param err standard error
   * @return the bar
   */
  public static Progress ofBytes(String task, long bytes, PrintWriter err) {
    return of(true, task, " MB", 1_000_000, bytes, err);
  }

  /**
   * A bar that counts the rows of a picture.
   *
   * @param rows how many there are
   * @param err standard error
   * @return the bar
   */
  public static Progress ofRows(int rows, PrintWriter err) {
    return of(true, "segment", " rows", 1, rows, err);
  }

  private static Progress of(
      boolean wanted, String task, String unit, long unitSize, long max, PrintWriter err) {
    // Java cannot tell whether stderr, where the bar is drawn, is a terminal; the script can.
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

  /**
   * Moves the bar to an amount of a total, if that is known.
   *
   * @param done the amount
   * @param total the total
   */
  public void to(long done, OptionalLong total) {
    if (bar != null) {
      total.ifPresent(bar::maxHint);
      bar.stepTo(done).setExtraMessage("");
    }
  }

  /**
   * Shows that nothing happens for now; without a bar, in a line the first time.
   *
   * @param why what it waits for
   */
  public void waits(String why) {
    says("waiting");
    if (bar == null && !saidToWait) {
      saidToWait = true;
      error("waiting: " + why);
    }
  }

  /**
   * Shows a phase that has no amount.
   *
   * @param what the phase
   */
  public void says(String what) {
    if (bar != null) {
      bar.setExtraMessage(what);
    }
  }

  /** Moves the bar by one. */
  public void step() {
    if (bar != null) {
      bar.step();
    }
  }

  /**
   * Prints a line.
   *
   * @param message the line, without the command's name
   */
  public void error(String message) {
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
