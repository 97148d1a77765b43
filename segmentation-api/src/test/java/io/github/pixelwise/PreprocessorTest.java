package io.github.pixelwise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pixelwise.model.ChannelOrder;
import io.github.pixelwise.model.FloatTensor;
import io.github.pixelwise.model.ImageGeometry;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.ModelInput;
import io.github.pixelwise.model.ResizeMode;
import io.github.pixelwise.model.SizeRule;
import io.github.pixelwise.model.TensorLayout;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PreprocessorTest {
  private static final InputSpec EMBEDDED =
      InputSpec.builder("input", SizeRule.longEdge(512).withMultiple(16, 0)).imageNet().build();

  @ParameterizedTest
  @CsvSource({
    "451, 300, 512, 336",
    "600, 400, 512, 336",
    "512, 512, 512, 512",
    "1, 1, 512, 512",
    "10000, 1, 512, 16",
    "1, 10000, 16, 512",
    "4000, 3000, 512, 384",
    // 512 * 264 / 512 = 264 = 16.5 * 16: ties go to the even multiple.
    "512, 264, 512, 256",
    "512, 280, 512, 288"
  })
  void theLongEdgeIsGivenAndSidesAreMultiples(int width, int height, int inputW, int inputH) {
    ImageGeometry geometry = EMBEDDED.geometry(width, height);

    assertThat(geometry).isEqualTo(ImageGeometry.stretched(width, height, inputW, inputH));
  }

  @ParameterizedTest
  @CsvSource({"640, 480, 693, 520", "480, 640, 520, 693", "1040, 520, 1040, 520"})
  void theShortEdgeIsGiven(int width, int height, int inputWidth, int inputHeight) {
    InputSpec spec = InputSpec.builder("in", SizeRule.shortEdge(520)).build();

    assertThat(spec.geometry(width, height))
        .isEqualTo(ImageGeometry.stretched(width, height, inputWidth, inputHeight));
  }

  @ParameterizedTest
  @CsvSource({
    // Fixed: the content fits inside.
    "LETTERBOX, 640, 480, 513, 513, 0, 64, 513, 385",
    "PAD, 640, 480, 513, 513, 0, 0, 513, 385",
    "PAD, 480, 640, 513, 513, 0, 0, 385, 513"
  })
  void proportionsAreKeptInsideAFixedInput(
      ResizeMode mode, int width, int height, int inW, int inH, int left, int top, int w, int h) {
    InputSpec spec = InputSpec.builder("in", SizeRule.fixed(513, 513)).resize(mode).build();

    assertThat(spec.geometry(width, height))
        .isEqualTo(ImageGeometry.stretched(width, height, inW, inH).withContent(left, top, w, h));
  }

  @Test
  void paddedSidesAreTheNextOfTheirForm() {
    InputSpec spec =
        InputSpec.builder("in", SizeRule.longEdge(100).withMultiple(16, 1))
            .resize(ResizeMode.PAD)
            .build();

    assertThat(spec.geometry(200, 98))
        .isEqualTo(ImageGeometry.stretched(200, 98, 113, 49).withContent(0, 0, 100, 49));
    assertThat(spec.geometry(200, 100))
        .isEqualTo(ImageGeometry.stretched(200, 100, 113, 65).withContent(0, 0, 100, 50));
  }

  @Test
  void anInputTooLargeIsRefused() {
    InputSpec spec = InputSpec.builder("in", SizeRule.shortEdge(520)).build();

    assertThatThrownBy(() -> spec.geometry(10000, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(
            "an image of 10000 x 1 needs an input of 5200000 x 520 by the rule short-edge 520,")
        .hasMessageEndingWith(", which exceeds the limit of 67108864 pixels");
  }

  @Test
  void normalizesSamplesPlaneByPlane() {
    InputSpec spec = InputSpec.builder("in", SizeRule.fixed(2, 1)).imageNet().build();
    RgbImage image = RgbImage.of(2, 1, new byte[] {0, 51, (byte) 255, (byte) 255, 102, 0});

    ModelInput input = Preprocessor.from(spec).prepare(image);

    assertThat(input.tensor())
        .isEqualTo(
            FloatTensor.of(
                new float[] {
                  (float) ((0 - 0.485) / 0.229),
                  (float) ((1 - 0.485) / 0.229),
                  (float) ((0.2 - 0.456) / 0.224),
                  (float) ((0.4 - 0.456) / 0.224),
                  (float) ((1 - 0.406) / 0.225),
                  (float) ((0 - 0.406) / 0.225)
                },
                1,
                3,
                1,
                2));
    assertThat(input.geometry()).isEqualTo(ImageGeometry.stretched(2, 1, 2, 1));
  }

  @Test
  void layoutChannelOrderAndPaddingAreFollowed() {
    InputSpec spec =
        InputSpec.builder("in", SizeRule.fixed(3, 3))
            .layout(TensorLayout.NHWC)
            .channelOrder(ChannelOrder.BGR)
            .scale(1)
            .mean(1, 2, 3)
            .std(1, 2, 4)
            .resize(ResizeMode.LETTERBOX)
            .padding(127.5)
            .build();
    RgbImage image = RgbImage.of(3, 1, new byte[] {10, 20, 30, 40, 50, 60, 70, 80, 90});

    FloatTensor tensor = Preprocessor.from(spec).prepare(image).tensor();

    float[] padding = {126.5f, 62.75f, 31.125f};
    float[] expected = new float[27];
    for (int i = 0; i < 27; i++) {
      expected[i] = padding[i % 3];
    }
    // Blue first: (30 - 1) / 1, (20 - 2) / 2, (10 - 3) / 4.
    float[] middle = {29, 9, 1.75f, 59, 24, 9.25f, 89, 39, 16.75f};
    System.arraycopy(middle, 0, expected, 9, 9);
    assertThat(tensor).isEqualTo(FloatTensor.of(expected, 1, 3, 3, 3));
  }

  @ParameterizedTest
  @EnumSource(TensorLayout.class)
  void aPreparedTensorTurnsBackIntoItsPicture(TensorLayout layout) {
    for (ChannelOrder order : ChannelOrder.values()) {
      InputSpec spec =
          InputSpec.builder("in", SizeRule.fixed(7, 5))
              .layout(layout)
              .channelOrder(order)
              .imageNet()
              .build();
      byte[] samples = new byte[7 * 5 * 3];
      new Random(1).nextBytes(samples);
      RgbImage image = RgbImage.of(7, 5, samples);

      assertThat(Preprocessor.toImage(Preprocessor.from(spec).prepare(image).tensor(), spec))
          .isEqualTo(image);
    }
  }

  @Test
  void onlyOneImageTurnsBack() {
    assertThatThrownBy(
            () -> Preprocessor.toImage(FloatTensor.of(new float[24], 2, 3, 2, 2), EMBEDDED))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expected one image of three channels, NCHW, found FloatTensor[2 x 3 x 2 x 2]");
  }

  @Test
  void wrongSpecificationsAreRefused() {
    InputSpec.Builder spec = InputSpec.builder("in", SizeRule.fixed(1, 1));

    assertThatThrownBy(() -> spec.scale(0).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("scale must be above 0, found 0.0");
    assertThatThrownBy(() -> spec.scale(1).mean(0.5).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("mean must be three numbers, found [0.5]");
    assertThatThrownBy(() -> spec.mean(0, 0, 0).std(1, 1, 0).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("std must be three numbers above 0, found [1.0, 1.0, 0.0]");
    assertThatThrownBy(() -> spec.std(1, 1, 1).padding(-1).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("padding must be 0 to 255, found -1.0");
    assertThatThrownBy(() -> SizeRule.fixed(0, 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("sides must be at least 1, found 0 x 4");
    assertThatThrownBy(() -> SizeRule.longEdge(4).withMultiple(16, 16))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("multiple must be at least 1 and remainder in 0..multiple-1, found 16 and 16");
  }
}
