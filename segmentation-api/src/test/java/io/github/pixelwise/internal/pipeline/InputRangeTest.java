package io.github.pixelwise.internal.pipeline;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.SizeRule;
import io.github.pixelwise.spi.ElementType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class InputRangeTest {
  private static InputSpec.Builder input() {
    return InputSpec.builder("image", SizeRule.fixed(8, 8));
  }

  private static InputSpec input(double scale, double mean) {
    return input().scale(scale).mean(mean, mean, mean).build();
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT32", "FLOAT64", "FLOAT16", "BFLOAT16"})
  void floatsTakeWhatNetworksAreTrainedWith(ElementType type) {
    assertThatCode(() -> InputRange.require(type, input().imageNet().build()))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({
    "UINT8, 1, 0",
    "INT8, 1, 128",
    "INT16, 1, 0",
    "INT32, 1, 0",
    "INT64, 1, 0",
    "UINT16, 257, 0",
    // As quantized networks have it: 234 steps of samples for 255 numbers.
    "INT8, 0.9176, 115.3"
  })
  void wholeNumbersTakeTheSamplesThemselves(ElementType type, double scale, double mean) {
    assertThatCode(() -> InputRange.require(type, input(scale, mean))).doesNotThrowAnyException();
  }

  @Test
  void bytesDoNotTakeNormalizedSamples() {
    assertThatThrownBy(() -> InputRange.require(ElementType.UINT8, input().imageNet().build()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "its input \"image\" takes uint8, but scale, mean and std turn samples of 0 to 255 "
                + "into -2.118 to 2.640. For a network that takes unscaled samples, write input.scale"
                + " = 1, no input.mean and no input.std");
  }

  @Test
  void bytesDoNotTakeSamplesOfZeroToOne() {
    assertThatThrownBy(() -> InputRange.require(ElementType.UINT8, input().build()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("turn samples of 0 to 255 into 0.000 to 1.000.");
  }

  @Test
  void bytesWithASignTakeSamplesAroundZero() {
    assertThatThrownBy(() -> InputRange.require(ElementType.INT8, input(1, 0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("write input.scale = 1, input.mean = 128, 128, 128 and no input.std");
  }

  @Test
  void halfPrecisionEndsAt65504() {
    assertThatThrownBy(() -> InputRange.require(ElementType.FLOAT16, input(257, 0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("Correct input.scale, input.mean and input.std");
  }
}
