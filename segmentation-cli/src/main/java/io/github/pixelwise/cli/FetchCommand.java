package io.github.pixelwise.cli;

import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.zoo.FetchProgress;
import io.github.pixelwise.zoo.Zoo;
import io.github.pixelwise.zoo.ZooEntry;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
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

/** {@code segment models fetch}. */
@Command(
    name = "fetch",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    sortOptions = false,
    header = "Downloads published models, which you can then open by name.",
    description = {
      "",
      "Downloads the checkpoint over HTTPS, compares it with the published size and hash, and converts"
          + " it into the cache: the folder zoo in -Dpixelwise.cache, PIXELWISE_CACHE, or"
          + " ~/.cache/pixelwise. You can copy that folder to a host without a network. A model that is"
          + " already in the cache is not fetched again unless it is damaged.",
      "",
      "To download from a mirror, set PIXELWISE_ZOO_MIRROR to its address.",
      ""
    },
    footer = {
      "",
      "Exit status: 0 all models are in the cache; 1 a model could not be fetched, and later ones were"
          + " not tried; 2 the command line is wrong, and nothing was done."
    })
final class FetchCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      arity = "1..*",
      paramLabel = "NAME",
      description = "Names of models (see 'segment models').")
  private List<String> names = List.of();

  @Option(
      names = "--from",
      paramLabel = "FILE",
      description = "Use this copy of the published checkpoint instead of downloading it.")
  private @Nullable Path file;

  @Override
  public Integer call() throws IOException {
    CommandLine commandLine = Objects.requireNonNull(spec, "injected by picocli").commandLine();
    List<ZooEntry> entries = names.stream().distinct().map(Zoo::entry).toList();
    if (file != null && entries.size() > 1) {
      throw new ParameterException(
          commandLine, "--from is the checkpoint of one model, found " + String.join(", ", names));
    }
    try (Interruption interruption = new Interruption()) {
      interruption.stops(Thread.currentThread()::interrupt);
      try {
        for (ZooEntry entry : entries) {
          ModelCard model = fetch(entry, commandLine);
          Path folder = Path.of(model.files().get(0).location()).getParent();
          commandLine.getOut().println(entry.name() + " is in " + folder);
        }
      } catch (InterruptedIOException e) {
        commandLine.getErr().println("segment: " + e.getMessage());
        return interruption.exitStatus().orElse(ExitCode.SOFTWARE);
      }
    }
    return ExitCode.OK;
  }

  private ModelCard fetch(ZooEntry entry, CommandLine commandLine) throws IOException {
    try (Progress progress = Progress.ofBytes(entry.name(), entry.size(), commandLine.getErr())) {
      FetchProgress shown = shown(progress);
      return file == null ? Zoo.fetch(entry.name(), shown) : Zoo.fetch(entry.name(), file, shown);
    }
  }

  /** Shows a download in a progress bar. */
  static FetchProgress shown(Progress progress) {
    return (phase, done, total) -> {
      switch (phase) {
        case DOWNLOADING, CHECKING -> progress.to(done);
        case WAITING, CONVERTING -> progress.says(phase.name().toLowerCase(Locale.ROOT));
      }
    };
  }
}
