package io.github.pixelwise.models;

import io.github.pixelwise.ModelLoadException;
import io.github.pixelwise.ModelNotFoundException;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.spi.ModelProvider;
import java.io.IOException;
import java.net.URL;
import java.util.List;
import java.util.stream.Stream;

/**
 * The models that come with the backends. Their weights are in the artifacts {@code
 * pixelwise-models-onnx} and {@code pixelwise-models-torchscript}: each backend depends on the one
 * it reads, and a card lists the formats on the class path.
 */
public final class EmbeddedModels implements ModelProvider {
  private static final List<String> NAMES = List.of("deeplabv3plus-mobilenetv2-voc");
  private static final List<String> FORMATS = List.of("onnx", "torchscript");

  /** Called by {@link java.util.ServiceLoader}. */
  public EmbeddedModels() {}

  @Override
  public List<String> names() {
    return NAMES;
  }

  @Override
  public ModelCard model(String name) {
    if (!NAMES.contains(name)) {
      throw new ModelNotFoundException(
          "there is no embedded model \"" + name + "\"; available models: " + NAMES);
    }
    List<ModelCard> cards = FORMATS.stream().flatMap(format -> card(name, format)).toList();
    if (cards.isEmpty()) {
      throw new ModelLoadException(
          ("the weights of the embedded model %s are not on the class path. Add"
                  + " io.github.pixelwise:pixelwise-models-onnx or"
                  + " io.github.pixelwise:pixelwise-models-torchscript, whichever your backend"
                  + " reads.")
              .formatted(name));
    }
    return cards.get(0).toBuilder()
        .files(cards.stream().flatMap(card -> card.files().stream()).toList())
        .build();
  }

  /** Reads the card in the artifact of one format, which lists only that format. */
  private static Stream<ModelCard> card(String name, String format) {
    // The path is not a package name, so modules do not encapsulate the resource.
    String path = "META-INF/pixelwise/models/" + format + "/" + name + ".properties";
    URL resource = EmbeddedModels.class.getClassLoader().getResource(path);
    try {
      return resource == null ? Stream.empty() : Stream.of(ModelCard.read(resource));
    } catch (IOException e) {
      throw new ModelLoadException(
          "cannot read the card of model " + name + ": " + e.getMessage(), e);
    }
  }
}
