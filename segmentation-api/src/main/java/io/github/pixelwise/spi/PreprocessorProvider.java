package io.github.pixelwise.spi;

import io.github.pixelwise.Preprocessor;
import io.github.pixelwise.model.InputSpec;
import java.util.List;

/**
 * Provides preprocessors by name, for cards that set {@code input.preprocessor}; found by {@link
 * java.util.ServiceLoader}. Constructors and static initializers must do no work.
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
   * @param spec what the card says about the input
   * @return the preprocessor
   * @throws IllegalArgumentException if it cannot make such an input
   */
  Preprocessor preprocessor(String name, InputSpec spec);
}
