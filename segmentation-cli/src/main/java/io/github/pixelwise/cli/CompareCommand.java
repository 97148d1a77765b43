package io.github.pixelwise.cli;

import io.github.pixelwise.evaluation.Comparison;
import io.github.pixelwise.evaluation.EmptyClasses;
import io.github.pixelwise.evaluation.EvaluationReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code segment compare}. */
@Command(
    name = "compare",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    sortOptions = false,
    header = "Shows what got better and what got worse between two evaluations.",
    description = {
      "",
      "Takes two folders that 'segment evaluate -o' wrote for the same data set. Differences of the"
          + " means come with a 95%% interval from a paired bootstrap over the photos.",
      ""
    },
    footer = {
      "",
      "Exit status: 0 everything worked; 1 a report cannot be read; 2 the command line is wrong, or the"
          + " reports cannot be compared."
    })
final class CompareCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Parameters(index = "0", paramLabel = "RUN_A", description = "The folder of the first report.")
  private Path first = Path.of("");

  @Parameters(index = "1", paramLabel = "RUN_B", description = "The folder of the second report.")
  private Path second = Path.of("");

  @Option(
      names = "--empty",
      paramLabel = "skip|nan|zero|one",
      description = "The IoU of a class that neither truth nor prediction has (default: skip).")
  private EmptyClasses empty = EmptyClasses.SKIP;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    CommandLine commandLine = Objects.requireNonNull(spec, "injected by picocli").commandLine();
    EvaluationReport a = EvaluationReport.read(first, empty);
    EvaluationReport b = EvaluationReport.read(second, empty);
    Comparison comparison;
    try {
      comparison = Comparison.of(a, b);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(commandLine, e.getMessage(), e);
    }
    commandLine.getOut().print(json ? comparison.toJson() : comparison.toText());
    commandLine.getOut().flush();
    return ExitCode.OK;
  }
}
