package io.github.pixelwise.spi;

import io.github.pixelwise.Preprocessor;
import io.github.pixelwise.model.InputSpec;
import java.util.List;

/**
 * A jar that brings preprocessors by name, found by {@link java.util.ServiceLoader}, for cards that
 * say {@code input.preprocessor}. Constructors and static initializers do no work.
 */
public interface PreprocessorProvider {
  /**
   * Returns the names of this provider's preprocessors.
   *
   * @return the names, lower case
   */
  List<String> names();

  /**
   * Makes a preprocessor.
   *
   * @param name one of {@link #names()}
   * @param spec what the card says of the input
   * @return the preprocessor
   * @throws IllegalArgumentException if it cannot make such an input
   */
  Preprocessor preprocessor(String name, InputSpec spec);
}
