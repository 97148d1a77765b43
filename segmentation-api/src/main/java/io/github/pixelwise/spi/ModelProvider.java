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
   * @return the names that can be listed, lower case where this provider chooses them
   */
  List<String> names();

  /**
   * Returns whether a name is one of this provider's, listed or not. The default is whether it is
   * listed.
   *
   * @param name a name
   * @return whether to ask {@link #model} for it
   */
  default boolean knows(String name) {
    return names().contains(name);
  }

  /**
   * Returns the card of a model.
   *
   * @param name a name that it {@linkplain #knows knows}
   * @return its card
   * @throws io.github.pixelwise.ModelNotFoundException if it knows the name, but does not have the
   *     model; the message says how to get it
   * @throws io.github.pixelwise.ModelLoadException if the card cannot be read
   */
  ModelCard model(String name);
}
