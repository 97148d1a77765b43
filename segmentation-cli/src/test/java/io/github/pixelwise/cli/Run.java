package io.github.pixelwise.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;

/**
 * What a command line did.
 *
 * @param exit its exit status
 * @param out what it printed
 * @param err what it printed as errors
 */
record Run(int exit, String out, String err) {
  /** Runs a command line in this JVM. */
  static Run of(Object... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exit =
        Main.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(Arrays.stream(args).map(Object::toString).toArray(String[]::new));
    return new Run(exit, out.toString(), err.toString());
  }
}
