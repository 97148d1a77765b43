package io.github.pixelwise;

import io.github.pixelwise.internal.StandardPreprocessor;

/**
 * Turns an image into a network's input.
 *
 * <p>Implementations are called by several threads at once. {@link #from(InputSpec)} is the
 * standard one; write your own for networks that want more than resized and normalised colours.
 */
@FunctionalInterface
public interface Preprocessor {
  /**
   * Prepares one image.
   *
   * @param image the image
   * @return the input, a batch of one
   */
  ModelInput prepare(RgbImage image);

  /**
   * The standard pre-processing: resize as Pillow does, then scale and normalise.
   *
   * @param spec what the network wants
   * @return a pre-processor without state
   */
  static Preprocessor from(InputSpec spec) {
    return new StandardPreprocessor(spec);
  }
}
