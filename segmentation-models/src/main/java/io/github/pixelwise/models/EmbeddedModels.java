package io.github.pixelwise.models;

import io.github.pixelwise.ModelLoadException;
import io.github.pixelwise.ModelNotFoundException;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.spi.ModelProvider;
import java.io.IOException;
import java.net.URL;
import java.util.List;
import java.util.Objects;

/** The models that lie in this jar, each as a card and its files. */
public final class EmbeddedModels implements ModelProvider {
  private static final List<String> NAMES = List.of("deeplabv3plus-mobilenetv2-voc");

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
          "there is no embedded model \"" + name + "\"; embedded are " + NAMES);
    }
    String card = name + ".properties";
    URL resource = Objects.requireNonNull(EmbeddedModels.class.getResource(card), card);
    try {
      return ModelCard.read(resource);
    } catch (IOException e) {
      throw new ModelLoadException(
          "cannot read the card of model " + name + ": " + e.getMessage(), e);
    }
  }
}
