package io.github.pixelwise.internal.pipeline;

import io.github.pixelwise.RgbImage;
import io.github.pixelwise.model.ImageGeometry;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.SizeRule;
import io.github.pixelwise.model.TensorLayout;

/** The image that a model is run on when it is opened. */
public final class Probe {
  private static final int CHANNELS = 3;

  private Probe() {}

  /**
   * A black image whose proportions lead to a small input: 4 to 1 if the long edge is given, else a
   * square. Narrower strips could be too small for networks that pool.
   */
  static RgbImage image(SizeRule size) {
    int width = size.kind() == SizeRule.Kind.LONG_EDGE ? 4 : 1;
    return RgbImage.of(width, 1, new byte[width * CHANNELS]);
  }

  /** The shape of the input that the standard preprocessor makes from the image. */
  public static int[] shape(InputSpec input, int images) {
    RgbImage image = image(input.size());
    ImageGeometry geometry = input.geometry(image.width(), image.height());
    int height = geometry.inputHeight();
    int width = geometry.inputWidth();
    return input.layout() == TensorLayout.NCHW
        ? new int[] {images, CHANNELS, height, width}
        : new int[] {images, height, width, CHANNELS};
  }
}
