package io.github.pixelwise.zoo;

import io.github.pixelwise.Preprocessor;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.model.ChannelOrder;
import io.github.pixelwise.model.FloatTensor;
import io.github.pixelwise.model.ImageGeometry;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.ModelInput;
import io.github.pixelwise.model.TensorLayout;

/**
 * The preprocessing of networks that take an image in two color spaces: blue, green and red as
 * normalized by the {@link InputSpec}, and the L*, a* and b* that OpenCV computes from those
 * numbers.
 *
 * <p>The input is {@code [1 x 6 x h x w]}: B, G, R, L* (0..100), a* and b* (about -86..98 and
 * -108..94). The last three are those of {@code cv2.cvtColor(x, cv2.COLOR_BGR2LAB)} on floats,
 * OpenCV 4.6: it clips its input to 0..1 and interpolates in a table, which deviates from the CIE's
 * formula by up to 0.25 in L* and 0.6 in a* and b*. The results here are bit-identical except for
 * one number in 700, where an entry of OpenCV's table was rounded differently; those differ by
 * 0.0062 in L* or 0.0157 in a* and b*.
 *
 * <p>The network of the CamVid tutorial takes 224 x 224, scale 1/127.5, mean 1: numbers in -1..1,
 * whose lower half OpenCV clips to black.
 *
 * <p>Stateless; safe for use by several threads.
 */
final class BgrLabPreprocessor implements Preprocessor {
  private final Preprocessor bgr;
  private final LabTable lab = new LabTable();

  private BgrLabPreprocessor(InputSpec spec) {
    bgr = Preprocessor.from(spec);
  }

  /**
   * Creates the preprocessing of a network.
   *
   * @param spec how an image becomes the first three channels: NCHW and BGR
   * @return the preprocessing
   * @throws IllegalArgumentException if the layout or the channel order is different
   */
  static BgrLabPreprocessor from(InputSpec spec) {
    if (spec.layout() != TensorLayout.NCHW || spec.channelOrder() != ChannelOrder.BGR) {
      throw new IllegalArgumentException(
          "the input of B, G, R, L*, a* and b* should be NCHW and BGR, found %s and %s"
              .formatted(spec.layout(), spec.channelOrder()));
    }
    return new BgrLabPreprocessor(spec);
  }

  @Override
  public ModelInput prepare(RgbImage image) {
    ModelInput input = bgr.prepare(image);
    ImageGeometry geometry = input.geometry();
    int pixels = geometry.inputWidth() * geometry.inputHeight();
    float[] values = new float[Math.multiplyExact(pixels, 6)];
    input.tensor().buffer().get(values, 0, 3 * pixels);
    for (int i = 0; i < pixels; i++) {
      lab.convert(values, i, pixels);
    }
    return new ModelInput(
        FloatTensor.of(values, 1, 6, geometry.inputHeight(), geometry.inputWidth()), geometry);
  }
}
