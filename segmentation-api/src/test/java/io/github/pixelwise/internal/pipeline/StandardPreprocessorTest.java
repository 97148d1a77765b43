package io.github.pixelwise.internal.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pixelwise.Noise;
import io.github.pixelwise.Parallelism;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.internal.resample.Resampler;
import io.github.pixelwise.model.ChannelOrder;
import io.github.pixelwise.model.FloatTensor;
import io.github.pixelwise.model.ImageGeometry;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.Interpolation;
import io.github.pixelwise.model.ModelInput;
import io.github.pixelwise.model.ResizeMode;
import io.github.pixelwise.model.SizeRule;
import io.github.pixelwise.model.TensorLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Compares with the definition: all of the image is resized, then each value worked out alone. */
class StandardPreprocessorTest {
  private static InputSpec.Builder spec() {
    return InputSpec.builder("in", SizeRule.fixed(70, 90)).imageNet().padding(100.5);
  }

  @ParameterizedTest
  @CsvSource({
    "211, 147, 0, 0",
    "211, 147, 40, 30",
    "211, 147, 41, 33",
    "211, 147, 100, 120",
    "211, 147, 50, 120",
    "211, 147, 100, 50",
    // Smaller than the input, of its size, and so flat that a padded image's crop shows none of it.
    "31, 17, 40, 30",
    "70, 90, 40, 30",
    "70, 90, 0, 0",
    "150, 9, 40, 30"
  })
  void everyValueIsThatOfTheImageResizedAsAWhole(
      int width, int height, int cropWidth, int cropHeight) {
    RgbImage image = Noise.of(width, height, 1);
    for (ResizeMode resize : ResizeMode.values()) {
      for (Interpolation interpolation : Interpolation.values()) {
        for (TensorLayout layout : TensorLayout.values()) {
          for (ChannelOrder order : ChannelOrder.values()) {
            InputSpec.Builder builder =
                spec()
                    .resize(resize)
                    .interpolation(interpolation)
                    .layout(layout)
                    .channelOrder(order);
            if (cropWidth > 0) {
              builder.crop(cropWidth, cropHeight);
            }
            requireDefinition(builder.build(), image);
          }
        }
      }
    }
  }

  @Test
  void aCropMayShowNothingOfTheImage() {
    InputSpec spec = spec().resize(ResizeMode.PAD).crop(40, 30).build();

    ModelInput input =
        new StandardPreprocessor(spec, Parallelism.common()).prepare(Noise.of(150, 9, 1));

    assertThat(input.geometry())
        .isEqualTo(ImageGeometry.stretched(150, 9, 40, 30).withContent(-15, -30, 70, 4));
    assertThat(input.tensor().buffer().get()).isEqualTo(expected(spec, 100.5, 0));
  }

  private static void requireDefinition(InputSpec spec, RgbImage image) {
    ModelInput input = new StandardPreprocessor(spec, Parallelism.common()).prepare(image);

    ImageGeometry geometry = spec.geometry(image.width(), image.height());
    RgbImage content =
        Resampler.resize(
            image, geometry.contentWidth(), geometry.contentHeight(), spec.interpolation());
    int width = geometry.inputWidth();
    int height = geometry.inputHeight();
    boolean planar = spec.layout() == TensorLayout.NCHW;
    float[] values = new float[width * height * 3];
    for (int i = 0; i < width * height; i++) {
      int x = i % width - geometry.contentLeft();
      int y = i / width - geometry.contentTop();
      boolean inside = x >= 0 && y >= 0 && x < content.width() && y < content.height();
      for (int channel = 0; channel < 3; channel++) {
        int shift = spec.channelOrder() == ChannelOrder.RGB ? 16 - channel * 8 : channel * 8;
        double sample = inside ? content.rgb(x, y) >> shift & 0xff : spec.padding();
        values[planar ? channel * width * height + i : i * 3 + channel] =
            expected(spec, sample, channel);
      }
    }
    assertThat(input.geometry()).isEqualTo(geometry);
    assertThat(input.tensor())
        .as("%s", spec)
        .isEqualTo(
            planar
                ? FloatTensor.of(values, 1, 3, height, width)
                : FloatTensor.of(values, 1, height, width, 3));
  }

  private static float expected(InputSpec spec, double sample, int channel) {
    return (float) ((sample * spec.scale() - spec.mean().get(channel)) / spec.std().get(channel));
  }
}
