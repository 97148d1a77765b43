package io.github.pixelwise.cli;

import io.github.pixelwise.Catalog;
import io.github.pixelwise.LabelMap;
import io.github.pixelwise.ModelLoadException;
import io.github.pixelwise.cli.internal.Table;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelFile;
import io.github.pixelwise.zoo.Zoo;
import io.github.pixelwise.zoo.ZooEntry;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code segment models}. */
@Command(
    name = "models",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    subcommands = {FetchCommand.class, ConvertCommand.class, QuantizeCommand.class},
    header = "Lists the models that can be opened by name.",
    description = {
      "",
      "MIOU is the published mean intersection over union, in percent, if there is one. CHECKED is"
          + " how many of the 64 hex digits of a download's SHA-256 are checked: 8 if no more are"
          + " published. Other models on the Hugging Face Hub are listed once they have been"
          + " fetched.",
      ""
    })
final class ModelsCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    Catalog catalog = Catalog.load();
    Map<String, ZooEntry> zoo =
        Zoo.entries().stream().collect(Collectors.toMap(ZooEntry::name, Function.identity()));
    Table table =
        new Table("NAME", "CLASSES", "SIZE", "MIOU", "LICENSE", "FETCHED", "CHECKED", "FROM");
    for (String name : catalog.modelNames()) {
      ZooEntry entry = zoo.get(name);
      if (entry != null) {
        table.row(
            name,
            classes(entry.labels()),
            megabytes(entry.size()),
            percent(entry.meanIou()),
            entry.license(),
            fetched(name),
            name.startsWith(ModelOptions.HUB) ? "by Hub" : entry.sha256().length() + " digits",
            entry.source().toString());
      } else if (name.startsWith(ModelOptions.HUB)) {
        fromHub(name, table);
      } else {
        ModelCard model = catalog.model(name);
        table.row(
            name,
            classes(model.labels()),
            megabytes(bytes(model)),
            "",
            model.license(),
            "built in",
            "",
            model.source());
      }
    }
    table.print(Objects.requireNonNull(spec, "injected by picocli").commandLine().getOut());
    return ExitCode.OK;
  }

  /** Adds a model that has been fetched from the Hub. */
  private static void fromHub(String name, Table table) throws IOException {
    try {
      Optional<ModelCard> model = Zoo.fetched(name);
      if (model.isPresent()) {
        table.row(
            name,
            classes(model.get().labels()),
            megabytes(bytes(model.get())),
            "",
            model.get().license(),
            "yes",
            "",
            model.get().source());
      }
    } catch (ModelLoadException e) {
      table.row(name, "", "", "", "", "damaged", "", "");
    }
  }

  private static long bytes(ModelCard model) throws IOException {
    long bytes = 0;
    for (ModelFile file : model.files()) {
      bytes += file.location().toURL().openConnection().getContentLengthLong();
    }
    return bytes;
  }

  private static String classes(LabelMap labels) {
    return Integer.toString(labels.size());
  }

  private static String megabytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
  }

  private static String percent(OptionalDouble value) {
    return value.isPresent() ? String.format(Locale.ROOT, "%.1f", value.getAsDouble()) : "";
  }

  private static String fetched(String name) {
    try {
      return Zoo.fetched(name).isPresent() ? "yes" : "no";
    } catch (ModelLoadException e) {
      return "damaged";
    }
  }
}
