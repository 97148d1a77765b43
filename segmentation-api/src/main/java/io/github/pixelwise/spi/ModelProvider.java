package io.github.pixelwise.spi;

import io.github.pixelwise.model.ModelCard;
import java.util.List;

/**
 * Provides models by name; found by {@link java.util.ServiceLoader}. Constructors and static
 * initializers must do no work.
 */
public interface ModelProvider {
  /**
   * Returns the names of this provider's models.
   *
   * @return the names, lower case
   */
  List<String> names();

  /**
   * Returns the card of a model.
   *
   * @param name one of {@link #names()}
   * @return its card
   * @throws io.github.pixelwise.ModelLoadException if the card cannot be read
   */
  ModelCard model(String name);
}
