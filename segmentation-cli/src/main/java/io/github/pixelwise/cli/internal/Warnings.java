package io.github.pixelwise.cli.internal;

import java.io.PrintWriter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** Prints each of the library's warnings as one line; Java would print two. */
public final class Warnings extends Handler {
  private static final Logger LIBRARY = Logger.getLogger("io.github.pixelwise");

  private final PrintWriter err;

  /**
   * Starts showing warnings, until this is closed.
   *
   * @param err standard error
   */
  public Warnings(PrintWriter err) {
    this.err = err;
    setFormatter(new SimpleFormatter());
    LIBRARY.addHandler(this);
    LIBRARY.setUseParentHandlers(false);
  }

  @Override
  public void publish(LogRecord warning) {
    if (warning.getLevel().intValue() >= Level.WARNING.intValue()) {
      err.println("segment: " + getFormatter().formatMessage(warning));
    }
  }

  @Override
  public void flush() {
    err.flush();
  }

  @Override
  public void close() {
    LIBRARY.removeHandler(this);
    LIBRARY.setUseParentHandlers(true);
  }
}
