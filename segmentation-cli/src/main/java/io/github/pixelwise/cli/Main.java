package io.github.pixelwise.cli;

import io.github.pixelwise.BackendNotFoundException;
import io.github.pixelwise.ModelNotFoundException;
import io.github.pixelwise.SegmentationException;
import io.github.pixelwise.cli.internal.Warnings;
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
    subcommands = {
      RunCommand.class,
      EvaluateCommand.class,
      CompareCommand.class,
      TrainCommand.class,
      ModelsCommand.class,
      BackendsCommand.class,
      ServeCommand.class
    },
    header = "Finds the class of every pixel of a photo.",
    description = {
      "",
      "Start with 'segment run photo.jpg'. See 'segment run --help' for all options. For Spark"
          + " clusters, see './segment spark --help'.",
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

  /** The command line. Prints an error as one sentence, and exits with the status in the help. */
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
      throw e; // a bug in Pixelwise: the stack trace helps to fix it
    }
    command.getErr().println("segment: " + e.getMessage());
    return e instanceof ModelNotFoundException || e instanceof BackendNotFoundException
        ? ExitCode.USAGE
        : ExitCode.SOFTWARE;
  }

  /** The version in the jar's manifest. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Main.class.getPackage().getImplementationVersion();
      return new String[] {"segment " + (version == null ? "(unpackaged)" : version)};
    }
  }
}
