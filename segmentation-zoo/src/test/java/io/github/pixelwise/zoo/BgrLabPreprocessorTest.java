package io.github.pixelwise.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.pixelwise.Preprocessor;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.model.ChannelOrder;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.ModelInput;
import io.github.pixelwise.model.SizeRule;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class BgrLabPreprocessorTest {
  private static InputSpec.Builder spec(int width, int height) {
    return InputSpec.builder("input", SizeRule.fixed(width, height))
        .channelOrder(ChannelOrder.BGR)
        .scale(1 / 127.5)
        .mean(1, 1, 1);
  }

  /** Pixels of three bytes and six floats, see {@code bgr_lab_golden.py}. */
  private static ByteBuffer golden() throws IOException {
    String name = "bgr-lab-golden.gz";
    try (InputStream in =
        new GZIPInputStream(
            Objects.requireNonNull(BgrLabPreprocessorTest.class.getResourceAsStream(name), name))) {
      return ByteBuffer.wrap(in.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
    }
  }

  @Test
  void theColoursAreThoseOfOpenCv() throws IOException {
    ByteBuffer golden = golden();
    int pixels = golden.limit() / 27;
    byte[] rgb = new byte[pixels * 3];
    float[] expected = new float[pixels * 6];
    for (int i = 0; i < pixels; i++) {
      golden.get(rgb, i * 3, 3);
      for (int channel = 0; channel < 6; channel++) {
        expected[channel * pixels + i] = golden.getFloat();
      }
    }

    float[] found =
        BgrLabPreprocessor.from(spec(pixels, 1).build())
            .prepare(RgbImage.of(pixels, 1, rgb))
            .tensor()
            .toFloatArray();

    // A step of OpenCV's table is 100 / 2^14 in L*, 256 / 2^14 in a* and b*.
    float[] bounds = {1e-7f, 1e-7f, 1e-7f, 0.0062f, 0.0157f, 0.0157f};
    int different = 0;
    for (int i = 0; i < found.length; i++) {
      float bound = bounds[i / pixels];
      assertThat(found[i])
          .as("channel %d of pixel %d", i / pixels, i % pixels)
          .isCloseTo(expected[i], within(bound));
      different += i >= 3 * pixels && found[i] != expected[i] ? 1 : 0;
    }
    assertThat(pixels).isEqualTo(920);
    assertThat(different).isLessThanOrEqualTo(3 * pixels / 700);
  }

  @Test
  void thePictureIsResizedAsEverywhere() {
    byte[] rgb = new byte[50 * 37 * 3];
    new Random(1).nextBytes(rgb);
    RgbImage image = RgbImage.of(50, 37, rgb);
    InputSpec spec = spec(224, 224).build();

    ModelInput input = BgrLabPreprocessor.from(spec).prepare(image);

    ModelInput bgr = Preprocessor.from(spec).prepare(image);
    assertThat(input.geometry()).isEqualTo(bgr.geometry());
    assertThat(input.tensor().shape()).containsExactly(1, 6, 224, 224);
    float[] values = input.tensor().toFloatArray();
    assertThat(Arrays.copyOf(values, 3 * 224 * 224)).isEqualTo(bgr.tensor().toFloatArray());
  }

  @Test
  void anotherOrderOfChannelsIsRefused() {
    InputSpec rgb = spec(224, 224).channelOrder(ChannelOrder.RGB).build();

    assertThatThrownBy(() -> BgrLabPreprocessor.from(rgb))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "the input of B, G, R, L*, a* and b* should be NCHW and BGR, found NCHW and RGB");
  }
}
