package io.github.pixelwise.zoo;

import io.github.pixelwise.LabelMap;
import io.github.pixelwise.ModelLoadException;
import io.github.pixelwise.model.InputSpec;
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

/**
 * Published weights without a network, which are converted if they fit one of {@link Networks}.
 *
 * @param folder their folder, with a configuration and, perhaps, an image processor
 * @param weights the name of their file
 * @param owner what messages call the model
 * @param advice what to do about weights of another network, as a sentence without its period
 */
record KnownNetworks(Path folder, String weights, String owner, String advice) {
  /** The names of their file, the preferred one first. */
  static final List<String> FILES = List.of("model.safetensors", "pytorch_model.bin");

  private static final String CONFIG = "config.json";
  private static final String PREPROCESSOR = "preprocessor_config.json";

  private static final String UPERNET = "UperNetForSemanticSegmentation";

  /** Networks of transformers whose weights one of ours has, by their architectures. */
  private static final Set<String> OF_TRANSFORMERS =
      Set.of("SegformerForSemanticSegmentation", UPERNET);

  /** The backbone of our UPerNet, as {@code model_type} of a backbone's configuration names it. */
  private static final String CONVNEXT = "convnext";

  /** The numbers of blocks of ConvNeXt-T's stages. */
  private static final List<Integer> DEPTHS = List.of(3, 3, 9, 3);

  /** Rejects the configuration of a network of transformers that is not among ours. */
  void requireNoOther() throws IOException {
    Optional<String> other = JsonObject.read(folder.resolve(CONFIG), KnownNetworks::other);
    if (other.isPresent()) {
      throw new IOException(
          "%s has only weights (%s) of %s. %s.".formatted(owner, weights, other.get(), advice));
    }
  }

  /** Describes a network of transformers that is not among ours. */
  private static Optional<String> other(JsonObject config) {
    List<String> architectures = config.texts("architectures");
    if (!OF_TRANSFORMERS.containsAll(architectures)) {
      return Optional.of(
          String.join(", ", architectures) + ", a network that Pixelwise does not have");
    }
    return architectures.contains(UPERNET) && config.hasObject("backbone_config")
        ? otherBackbone(config.object("backbone_config"))
        : Optional.empty();
  }

  private static Optional<String> otherBackbone(JsonObject config) {
    String type = config.text("model_type").orElse(CONVNEXT);
    List<Integer> depths = config.wholes("depths");
    if (type.equals(CONVNEXT) && (depths.isEmpty() || depths.equals(DEPTHS))) {
      return Optional.empty();
    }
    return Optional.of(
        "%s on the backbone %s%s. Pixelwise has only the one on ConvNeXt-T (%s with the depths %s)"
            .formatted(
                UPERNET,
                type,
                depths.isEmpty() ? "" : " with the depths " + depths,
                CONVNEXT,
                DEPTHS));
  }

  /** Whether the weights can be read and fit one of our networks. */
  boolean fit() {
    try {
      return network().isPresent();
    } catch (IOException e) {
      return false;
    }
  }

  private Optional<Network> network() throws IOException {
    return Networks.fitting(Checkpoint.read(folder.resolve(weights)).tensors());
  }

  /** Starts the conversion, with the classes and the input that the other files state. */
  Conversion conversion() throws IOException {
    Optional<List<String>> stated =
        JsonObject.read(folder.resolve(CONFIG), HuggingFaceFolder::statedLabels);
    Network network =
        network()
            .orElseThrow(
                () ->
                    new IOException(
                        "%s has only weights, and %s fits none of the networks %s. %s."
                            .formatted(
                                owner, weights, String.join(", ", Networks.names()), advice)));
    Optional<InputSpec> input = input(network);
    try {
      Conversion conversion = Conversion.of(resized(network, input), folder.resolve(weights));
      input.ifPresent(conversion::input);
      if (stated.isPresent()) {
        LabelMap labels = HuggingFaceFolder.labelMap(stated.get());
        conversion.labels(labels).palette(HuggingFaceFolder.palette(labels));
      }
      return conversion;
    } catch (IllegalArgumentException | ModelLoadException e) {
      throw new IOException(folder.resolve(weights) + ": " + e.getMessage(), e);
    }
  }

  private Optional<InputSpec> input(Network network) throws IOException {
    Path processor = folder.resolve(PREPROCESSOR);
    return Files.isRegularFile(processor)
        ? Optional.of(
            JsonObject.read(processor, json -> ImageProcessor.input(network.input().name(), json)))
        : Optional.empty();
  }

  private static Network resized(Network network, Optional<InputSpec> input) {
    NetworkOptions options = NetworkOptions.ofClasses(network.output().channels());
    return input
        .map(spec -> spec.crop().orElse(spec.size()))
        .map(size -> Networks.of(network.name(), options.withSize(size)))
        .orElse(network);
  }
}
