package io.github.pixelwise.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InputSpecTest {
  private static final InputSpec ALIGNED =
      InputSpec.builder("in", SizeRule.longEdge(513).withMultiple(16, 1)).build();

  @Test
  void scalingChangesTheEdgeAndKeepsTheFormOfItsSides() {
    ImageGeometry smaller = ALIGNED.scaled(0.75).geometry(500, 375);
    ImageGeometry larger = ALIGNED.scaled(1.5).geometry(500, 375);

    assertThat(ALIGNED.scaled(0.75).size()).hasToString("long-edge 385, sides 16k+1");
    assertThat(smaller).isEqualTo(ImageGeometry.stretched(500, 375, 385, 289));
    assertThat(larger).isEqualTo(ImageGeometry.stretched(500, 375, 769, 577));
  }

  @Test
  void scalingKeepsEverythingElse() {
    InputSpec spec =
        InputSpec.builder("in", SizeRule.shortEdge(100).withRounding(SizeRule.Rounding.DOWN))
            .layout(TensorLayout.NHWC)
            .channelOrder(ChannelOrder.BGR)
            .scaleByMaximum()
            .imageNet()
            .resize(ResizeMode.LETTERBOX)
            .interpolation(Interpolation.BICUBIC)
            .padding(114)
            .preprocessor("own")
            .build();

    assertThat(spec.scaled(1)).isEqualTo(spec);
    assertThat(spec.scaled(2)).isNotEqualTo(spec);
    assertThat(spec.scaled(2).scaled(0.5)).isEqualTo(spec);
  }

  @Test
  void aTinyFactorLeavesAPixel() {
    assertThat(ALIGNED.scaled(1e-9).size().width()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
  void aFactorIsAboveZero(double factor) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ALIGNED.scaled(factor))
        .withMessage("the factor must be above 0, found " + factor);
  }

  @Test
  void fixedSizesAndCropsCannotBeScaled() {
    InputSpec fixed = InputSpec.builder("in", SizeRule.fixed(64, 48)).build();
    InputSpec cropped = InputSpec.builder("in", SizeRule.shortEdge(256)).crop(224, 220).build();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> fixed.scaled(2))
        .withMessage("an input of the fixed size 64 x 48 cannot be scaled by 2.0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> cropped.scaled(2))
        .withMessage("an input of the fixed size 224 x 220 cannot be scaled by 2.0");
  }
}
