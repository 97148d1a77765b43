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
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
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
          + " fetched. Long licenses are cut off; 'segment models NAME' shows all of one.",
      ""
    })
final class ModelsCommand implements Callable<Integer> {
  private static final String[] COLUMNS = {
    "NAME", "CLASSES", "SIZE", "MIOU", "LICENSE", "FETCHED", "CHECKED", "FROM"
  };
  private static final int LICENSE = List.of(COLUMNS).indexOf("LICENSE");

  /** The most letters of a license in the table. */
  private static final int BRIEF = 17;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "NAME",
      description =
          "A model to show alone, with its whole license (default: a table of all models).")
  private @Nullable String model;

  @Override
  public Integer call() throws IOException {
    CommandSpec command = Objects.requireNonNull(spec, "injected by picocli");
    Catalog catalog = Catalog.load();
    Table table = model == null ? table(catalog) : details(command, catalog, model);
    table.print(command.commandLine().getOut());
    return ExitCode.OK;
  }

  private static Table table(Catalog catalog) throws IOException {
    Table table = new Table(COLUMNS);
    for (String name : catalog.modelNames()) {
      String[] cells = cells(catalog, name);
      if (cells.length > 0) {
        cells[LICENSE] = brief(cells[LICENSE]);
        table.row(cells);
      }
    }
    return table;
  }

  private static Table details(CommandSpec command, Catalog catalog, String name)
      throws IOException {
    String[] cells =
        catalog.modelNames().contains(name)
            ? cells(catalog, name)
            : cells(EngineOptions.card(command, catalog, name), "");
    Table table = new Table(COLUMNS[0], cells[0]);
    for (int i = 1; i < cells.length; i++) {
      table.row(COLUMNS[i], cells[i]);
    }
    return table;
  }

  private static String brief(String license) {
    return license.length() <= BRIEF ? license : license.substring(0, BRIEF - 3) + "...";
  }

  /** The columns of a model; none if it has been deleted since it was listed. */
  private static String[] cells(Catalog catalog, String name) throws IOException {
    Optional<ZooEntry> entry =
        Zoo.entries().stream().filter(each -> each.name().equals(name)).findFirst();
    if (entry.isPresent()) {
      return cells(entry.get());
    }
    return name.startsWith(ModelOptions.HUB)
        ? fromHub(name)
        : cells(catalog.model(name), "built in");
  }

  private static String[] cells(ZooEntry entry) {
    return new String[] {
      entry.name(),
      classes(entry.labels()),
      megabytes(entry.size()),
      percent(entry.meanIou()),
      entry.license(),
      fetched(entry.name()),
      entry.name().startsWith(ModelOptions.HUB) ? "by Hub" : entry.sha256().length() + " digits",
      entry.source().toString()
    };
  }

  private static String[] cells(ModelCard model, String fetched) throws IOException {
    return new String[] {
      model.name(),
      classes(model.labels()),
      megabytes(bytes(model)),
      "",
      model.license(),
      fetched,
      "",
      model.source()
    };
  }

  /** The columns of a model that has been fetched from the Hub. */
  private static String[] fromHub(String name) throws IOException {
    try {
      Optional<ModelCard> model = Zoo.fetched(name);
      if (model.isEmpty()) {
        return new String[0];
      }
      String[] cells = cells(model.get(), "yes");
      cells[0] = name;
      return cells;
    } catch (ModelLoadException e) {
      return new String[] {name, "", "", "", "", "damaged", "", ""};
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
