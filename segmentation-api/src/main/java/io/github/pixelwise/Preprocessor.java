package io.github.pixelwise;

import io.github.pixelwise.internal.pipeline.StandardPreprocessor;
import io.github.pixelwise.model.ChannelOrder;
import io.github.pixelwise.model.FloatTensor;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.ModelInput;
import io.github.pixelwise.model.TensorLayout;
import java.nio.FloatBuffer;

/**
 * Turns an image into a network's input.
 *
 * <p>Implementations are called by several threads at once. {@link #from(InputSpec)} is the
 * standard one; write your own for networks that need more than resized and normalized colors.
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
   * Creates the standard preprocessor: it resizes as Pillow does, then scales and normalizes.
   *
   * @param spec what the network expects
   * @return a stateless preprocessor
   */
  static Preprocessor from(InputSpec spec) {
    return from(spec, Parallelism.common());
  }

  /**
   * Creates the standard preprocessor with threads of your choice.
   *
   * @param spec what the network expects
   * @param parallelism the threads that work on an image
   * @return a stateless preprocessor
   */
  static Preprocessor from(InputSpec spec, Parallelism parallelism) {
    return new StandardPreprocessor(spec, parallelism);
  }

  /**
   * Turns a prepared tensor back into a picture by undoing scale, mean and std, rounded to 0..255.
   * A picture that was scaled by its own maximum comes back with 255 as its highest sample.
   *
   * @param tensor one image in the specification's layout, as {@link #prepare} makes it
   * @param spec the specification that the tensor was made with
   * @return a picture of the tensor's size
   * @throws IllegalArgumentException if the tensor is not one image of three channels
   */
  static RgbImage toImage(FloatTensor tensor, InputSpec spec) {
    boolean planar = spec.layout() == TensorLayout.NCHW;
    if (tensor.rank() != 4 || tensor.side(0) != 1 || tensor.side(planar ? 1 : 3) != 3) {
      throw new IllegalArgumentException(
          "expected one image of three channels, %s, found %s".formatted(spec.layout(), tensor));
    }
    int height = tensor.side(planar ? 2 : 1);
    int width = tensor.side(planar ? 3 : 2);
    int pixels = width * height;
    FloatBuffer values = tensor.buffer();
    byte[] rgb = new byte[pixels * 3];
    for (int channel = 0; channel < 3; channel++) {
      int sample = spec.channelOrder() == ChannelOrder.RGB ? channel : 2 - channel;
      for (int i = 0; i < pixels; i++) {
        float value = values.get(planar ? channel * pixels + i : i * 3 + channel);
        long x =
            Math.round((value * spec.std().get(channel) + spec.mean().get(channel)) / spec.scale());
        rgb[i * 3 + sample] = (byte) Math.max(0, Math.min(255, x));
      }
    }
    return RgbImage.of(width, height, rgb);
  }
}
