package io.github.pixelwise.cli;

import io.github.pixelwise.Catalog;
import io.github.pixelwise.Device;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.SegmenterBuilder;
import io.github.pixelwise.model.ModelCard;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options that choose the models that a server offers, and what runs them. */
final class ServedModelOptions {
  /** Photos that share a run on a GPU, and how long the first waits for others. */
  private static final int GPU_BATCH = 8;

  private static final Duration GPU_WAIT = Duration.ofMillis(5);

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec spec;

  @Option(
      names = {"-m", "--model"},
      paramLabel = "MODEL",
      description =
          "A model to offer, named as for 'segment run' (default: "
              + Segmenter.DEFAULT_MODEL
              + "). Repeatable; requests choose one by its name, else they get the first.")
  private List<String> models = List.of(Segmenter.DEFAULT_MODEL);

  @Option(
      names = {"-b", "--backend"},
      paramLabel = "NAME",
      description =
          "An engine to run each model on (default: the first one in 'segment backends' that"
              + " works). Repeatable; requests choose one by its name, else they get the first.")
  private List<String> backends = List.of();

  @Mixin private EngineOptions engine = new EngineOptions();

  /** A builder for each model on each backend. */
  List<SegmenterBuilder> builders(Catalog catalog) {
    List<SegmenterBuilder> builders = new ArrayList<>();
    for (String model : models) {
      ModelCard card = EngineOptions.card(command(), catalog, model);
      if (backends.isEmpty()) {
        builders.add(engine.segmenter(command(), card, null));
      }
      backends.forEach(backend -> builders.add(engine.segmenter(command(), card, backend)));
    }
    return builders;
  }

  /**
   * Opens a model.
   *
   * @param batch how many photos may share a run of the network; 0 for a number that suits the
   *     device
   */
  Segmenter open(SegmenterBuilder builder, int batch) {
    if (batch > 1) {
      return EngineOptions.open(command(), builder.sharedBatches(batch, GPU_WAIT));
    }
    Segmenter segmenter = EngineOptions.open(command(), builder);
    if (batch == 1 || segmenter.runtime().device().equals(Device.CPU)) {
      return segmenter;
    }
    segmenter.close();
    return EngineOptions.open(command(), builder.sharedBatches(GPU_BATCH, GPU_WAIT));
  }

  private CommandSpec command() {
    return Objects.requireNonNull(spec, "injected by picocli");
  }
}
