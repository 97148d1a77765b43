package io.github.pixelwise.cli;

import io.github.pixelwise.BackendNotFoundException;
import io.github.pixelwise.ModelNotFoundException;
import io.github.pixelwise.SegmentationException;
import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line {@code segment}. */
@Command(
    name = "segment",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    subcommands = {RunCommand.class, ModelsCommand.class, BackendsCommand.class},
    header = "Finds the class of every pixel of photographs.",
    description = {
      "",
      "Start with 'segment run photo.jpg'; 'segment run --help' tells everything about it.",
      ""
    })
public final class Main {
  private Main() {}

  /**
   * Runs the command line and ends the JVM with its exit status.
   *
   * @param args the command line
   */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  /** The command line: errors are one sentence, and the exit status is as the help says. */
  static CommandLine commandLine() {
    return new CommandLine(new Main())
        .setParameterExceptionHandler(Main::explain)
        .setExecutionExceptionHandler(Main::explain)
        .setExecutionStrategy(Main::run)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpAutoWidth(true);
  }

  private static int run(CommandLine.ParseResult parsed) {
    Warnings shown = new Warnings(parsed.commandSpec().commandLine().getErr());
    try {
      return new CommandLine.RunLast().execute(parsed);
    } finally {
      shown.close();
    }
  }

  private static int explain(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    command.getErr().println("segment: " + e.getMessage());
    UnmatchedArgumentException.printSuggestions(e, command.getErr());
    command.getErr().println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
    return ExitCode.USAGE;
  }

  private static int explain(Exception e, CommandLine command, CommandLine.ParseResult parseResult)
      throws Exception {
    if (!(e instanceof SegmentationException || e instanceof IOException)) {
      throw e; // a defect of ours, which its stack trace helps to mend
    }
    command.getErr().println("segment: " + e.getMessage());
    return e instanceof ModelNotFoundException || e instanceof BackendNotFoundException
        ? ExitCode.USAGE
        : ExitCode.SOFTWARE;
  }

  /** Tells the version of the jar. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Main.class.getPackage().getImplementationVersion();
      return new String[] {"segment " + (version == null ? "(unpackaged)" : version)};
    }
  }
}
