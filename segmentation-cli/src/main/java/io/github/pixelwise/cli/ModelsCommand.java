package io.github.pixelwise.cli;

import io.github.pixelwise.Catalog;
import io.github.pixelwise.ModelDescriptor;
import io.github.pixelwise.ModelFile;
import java.io.IOException;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
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
    header = "Lists the models that can be opened by name.")
final class ModelsCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    Catalog catalog = Catalog.load();
    Table table = new Table("NAME", "CLASSES", "SIZE", "LICENCE", "FROM");
    for (String name : catalog.modelNames()) {
      ModelDescriptor model = catalog.model(name);
      long bytes = 0;
      for (ModelFile file : model.files()) {
        bytes += file.location().toURL().openConnection().getContentLengthLong();
      }
      table.row(
          name,
          Integer.toString(model.labels().size()),
          String.format(Locale.ROOT, "%.1f MB", bytes / 1e6),
          model.license(),
          model.source());
    }
    table.print(Objects.requireNonNull(spec, "injected by picocli").commandLine().getOut());
    return ExitCode.OK;
  }
}
