package io.github.pixelwise.zoo;

import io.github.pixelwise.LabelMap;
import io.github.pixelwise.ModelLoadException;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.network.Network;
import io.github.pixelwise.network.NetworkOptions;
import io.github.pixelwise.network.Networks;
import io.github.pixelwise.network.checkpoint.Checkpoint;
import io.github.pixelwise.network.convert.Conversion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Converts published weights without a network, if they fit one of {@link Networks}. */
final class KnownNetworks {
  private static final String CONFIG = "config.json";
  private static final String PREPROCESSOR = "preprocessor_config.json";

  /** Networks of transformers whose weights one of ours has, by their architectures. */
  private static final Set<String> OF_TRANSFORMERS =
      Set.of("SegformerForSemanticSegmentation", "UperNetForSemanticSegmentation");

  private KnownNetworks() {}

  /**
   * Rejects the configuration of a network of transformers that is not among ours.
   *
   * @param advice what to do, as a sentence without its period
   */
  static void requireNoOther(Path config, String advice) throws IOException {
    List<String> architectures = JsonObject.read(config, json -> json.texts("architectures"));
    if (!OF_TRANSFORMERS.containsAll(architectures)) {
      throw new IOException(
          "it has only weights (model.safetensors) of %s, a network that Pixelwise does not have. %s."
              .formatted(String.join(", ", architectures), advice));
    }
  }

  /**
   * Converts weights to the model {@code model.onnx} and {@code model.pt}.
   *
   * @param weights the weights, beside a configuration and, perhaps, an image processor
   * @param advice what to do if they fit no network, as a sentence without its period
   */
  static ModelCard convert(Path weights, Path folder, String advice) throws IOException {
    Optional<List<String>> stated =
        JsonObject.read(weights.resolveSibling(CONFIG), HuggingFaceFolder::statedLabels);
    Network network =
        Networks.fitting(Checkpoint.read(weights).tensors())
            .orElseThrow(
                () ->
                    new IOException(
                        "it has only weights, and %s fits none of the networks %s. %s."
                            .formatted(weights, String.join(", ", Networks.names()), advice)));
    Path processor = weights.resolveSibling(PREPROCESSOR);
    Optional<InputSpec> input =
        Files.isRegularFile(processor)
            ? Optional.of(
                JsonObject.read(
                    processor, json -> ImageProcessor.input(network.input().name(), json)))
            : Optional.empty();
    try {
      Conversion conversion = Conversion.of(resized(network, input), weights).name("model");
      if (stated.isPresent()) {
        LabelMap labels = HuggingFaceFolder.labelMap(stated.get());
        conversion.labels(labels).palette(HuggingFaceFolder.palette(labels));
      }
      ModelCard card = conversion.write(folder);
      return input.map(spec -> card.toBuilder().input(spec).build()).orElse(card);
    } catch (IllegalArgumentException | ModelLoadException e) {
      throw new IOException(weights + ": " + e.getMessage(), e);
    }
  }

  private static Network resized(Network network, Optional<InputSpec> input) {
    NetworkOptions options = NetworkOptions.ofClasses(network.output().channels());
    return input
        .map(spec -> spec.crop().orElse(spec.size()))
        .map(size -> Networks.of(network.name(), options.withSize(size)))
        .orElse(network);
  }
}
