package io.github.pixelwise.zoo;

import io.github.pixelwise.LabelMap;
import io.github.pixelwise.ModelLoadException;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.network.Network;
import io.github.pixelwise.network.NetworkOptions;
import io.github.pixelwise.network.Networks;
import io.github.pixelwise.network.Weights;
import io.github.pixelwise.network.checkpoint.Checkpoint;
import io.github.pixelwise.network.checkpoint.WeightTensor;
import io.github.pixelwise.network.convert.Conversion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Converts published weights without a network, if they fit one of {@link Networks}. */
final class KnownNetworks {
  private static final String CONFIG = "config.json";
  private static final String PREPROCESSOR = "preprocessor_config.json";

  /** The most classes that are looked for if a configuration does not say how many there are. */
  private static final int MOST_CLASSES = 1024;

  private KnownNetworks() {}

  /**
   * Rejects the configuration of a network of transformers, whose parameters are named differently.
   *
   * @param advice what to do, as a sentence without its period
   */
  static void requireNoOther(Path config, String advice) throws IOException {
    List<String> architectures = JsonObject.read(config, json -> json.texts("architectures"));
    if (!architectures.isEmpty()) {
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
    Map<String, WeightTensor> tensors = Checkpoint.read(weights).tensors();
    List<Integer> classes =
        stated.map(labels -> List.of(labels.size())).orElseGet(() -> classes(tensors));
    Network network =
        find(tensors, classes)
            .orElseThrow(
                () ->
                    new IOException(
                        "it has only weights, and %s fits none of the networks %s%s. %s."
                            .formatted(
                                weights,
                                String.join(", ", Networks.names()),
                                stated.isPresent() ? " with " + classes.get(0) + " classes" : "",
                                advice)));
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

  private static Optional<Network> find(Map<String, WeightTensor> tensors, List<Integer> classes) {
    for (String name : Networks.names()) {
      for (int number : classes) {
        Network network = Networks.of(name, NetworkOptions.ofClasses(number));
        try {
          Weights.of(network, tensors);
          return Optional.of(network);
        } catch (ModelLoadException e) {
          // It is not this one.
        }
      }
    }
    return Optional.empty();
  }

  /** The last layer has as many channels as there are classes. */
  private static List<Integer> classes(Map<String, WeightTensor> tensors) {
    return tensors.values().stream()
        .filter(tensor -> !tensor.shape().isEmpty())
        .map(tensor -> tensor.shape().get(0))
        .filter(length -> length >= 1 && length <= MOST_CLASSES)
        .distinct()
        .sorted()
        .toList();
  }
}
