package io.github.pixelwise.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/** {@code benchmarks/run}. */
@Command(
    name = "benchmarks/run",
    mixinStandardHelpOptions = true,
    description = "Measures how fast Pixelwise is, part by part and compared with other pipelines.",
    subcommands = {
      SideBySideCommand.class,
      ThroughputCommand.class,
      GrowthCommand.class,
      PngCommand.class,
      Int8Command.class,
      MattingCommand.class,
      HugePictureCommand.class,
      ClusterPlanCommand.class,
      ServerLoadCommand.class,
      Main.PartsCommand.class,
      TrainingCommand.class,
      TrainWorkerCommand.class,
      WorkerCommand.class
    })
final class Main {
  private Main() {}

  /** Passes its arguments to JMH. */
  @Command(
      name = "parts",
      description =
          "Measures preprocessing, decoding, coloring, compositing, and PNG with JMH. Accepts JMH"
              + " options; -h lists them.")
  static final class PartsCommand implements Callable<Integer> {
    @Unmatched private final List<String> options = new ArrayList<>();

    @Override
    public Integer call() throws IOException {
      org.openjdk.jmh.Main.main(options.toArray(String[]::new));
      return 0;
    }
  }

  /**
   * Runs the command.
   *
   * @param args a subcommand and its options
   */
  public static void main(String[] args) {
    System.exit(execute(args));
  }

  static int execute(String... args) {
    return new CommandLine(new Main())
        .setExecutionExceptionHandler(
            (failure, command, parsed) -> {
              if (!(failure instanceof IOException
                  || failure instanceof IllegalArgumentException)) {
                throw failure;
              }
              System.err.println(failure.getMessage());
              return 1;
            })
        .execute(args);
  }

  /** The root folder of the repository. */
  static Path home() {
    return Path.of(System.getProperty("pixelwise.home", "")).toAbsolutePath();
  }

  /** The folder for results. */
  static Path results() {
    return home().resolve(System.getProperty("pixelwise.results", "benchmarks/target/results"));
  }
}
