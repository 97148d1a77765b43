package io.github.pixelwise.cli;

import io.github.pixelwise.Catalog;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.SegmenterBuilder;
import io.github.pixelwise.model.ModelCard;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options that choose a model and what runs it. */
final class ModelOptions {
  /** What the names of models on the Hugging Face Hub begin with. */
  static final String HUB = "hf:";

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec spec;

  @Option(
      names = {"-m", "--model"},
      paramLabel = "NAME|CARD|FILE|DIR",
      description =
          "The model (default: ${DEFAULT-VALUE}): a name (see 'segment models'), hf:OWNER/NAME for"
              + " a model that 'segment models fetch' has fetched from the Hugging Face Hub, a"
              + " model card (*.properties), a network with its card next to it, the folder of a"
              + " card, or a Hugging Face folder. To choose a network in a Hugging Face folder,"
              + " name it: DIR/onnx/model_fp16.onnx.")
  private String model = Segmenter.DEFAULT_MODEL;

  @Option(
      names = {"-b", "--backend"},
      paramLabel = "NAME",
      description = "The engine (default: the first one in 'segment backends' that works).")
  private @Nullable String backend;

  @Mixin private EngineOptions engine = new EngineOptions();

  /** The model as it was named. */
  String model() {
    return model;
  }

  /** Checks the options that choose an engine. */
  SegmenterBuilder segmenter(ModelCard card) {
    return engine.segmenter(command(), card, backend);
  }

  /** Opens the model. */
  Segmenter open(SegmenterBuilder builder) {
    return EngineOptions.open(command(), builder);
  }

  /** Finds the model. */
  ModelCard card(Catalog catalog) {
    return EngineOptions.card(command(), catalog, model);
  }

  private CommandSpec command() {
    return Objects.requireNonNull(spec, "injected by picocli");
  }
}
