package io.github.pixelwise.cli;

import io.github.pixelwise.Catalog;
import io.github.pixelwise.cli.internal.Table;
import io.github.pixelwise.model.ModelFormat;
import io.github.pixelwise.spi.Availability;
import io.github.pixelwise.spi.BackendProvider;
import io.github.pixelwise.spi.Setting;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code segment backends}. */
@Command(
    name = "backends",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    header = "Lists the engines by priority, and says whether each one works on this machine.")
final class BackendsCommand implements Callable<Integer> {
  @Option(
      names = "--settings",
      description = "List the settings for 'segment run --setting' instead. Starts no engine.")
  private boolean settings;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    Catalog catalog = Catalog.load();
    PrintWriter out = Objects.requireNonNull(spec, "injected by picocli").commandLine().getOut();
    if (settings) {
      catalog.backends().forEach(backend -> printSettings(backend, out));
    } else {
      printBackends(catalog, out);
    }
    catalog.problems().forEach(problem -> out.println("Problem: " + problem));
    return ExitCode.OK;
  }

  private static void printSettings(BackendProvider backend, PrintWriter out) {
    if (backend.settings().isEmpty()) {
      out.println("backend " + backend.name() + " has no settings");
    }
    for (Setting<?> setting : backend.settings()) {
      out.println(setting.name());
      out.println("    " + setting.doc());
      out.println("    values:  " + setting.values());
      out.println("    default: " + setting.defaultValue().orElse("the engine's choice"));
    }
  }

  private static void printBackends(Catalog catalog, PrintWriter out) {
    Table table = new Table("NAME", "ENGINE", "FORMATS", "DEVICES", "AVAILABLE");
    for (BackendProvider backend : catalog.backends()) {
      Availability availability = Catalog.availability(backend);
      String formats =
          backend.formats().stream().map(ModelFormat::name).collect(Collectors.joining(", "));
      String answer = availability.available() ? "yes; " : "no: ";
      table.row(
          backend.name(),
          availability.version(),
          formats,
          availability.devices(),
          availability.reason().isEmpty() ? "yes" : answer + availability.reason());
    }
    table.print(out);
  }
}
