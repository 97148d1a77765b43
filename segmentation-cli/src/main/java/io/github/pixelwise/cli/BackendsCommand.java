package io.github.pixelwise.cli;

import io.github.pixelwise.Catalog;
import io.github.pixelwise.model.ModelFormat;
import io.github.pixelwise.spi.Availability;
import io.github.pixelwise.spi.BackendProvider;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code segment backends}. */
@Command(
    name = "backends",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    header = "Lists the engines, the preferred one first, and whether they can be used here.")
final class BackendsCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    Catalog catalog = Catalog.load();
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
    PrintWriter out = Objects.requireNonNull(spec, "injected by picocli").commandLine().getOut();
    table.print(out);
    catalog.problems().forEach(problem -> out.println("Problem: " + problem));
    return ExitCode.OK;
  }
}
