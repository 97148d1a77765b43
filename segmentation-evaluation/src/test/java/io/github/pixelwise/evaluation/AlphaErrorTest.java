package io.github.pixelwise.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pixelwise.AlphaMask;
import org.junit.jupiter.api.Test;

class AlphaErrorTest {
  private static AlphaMask mask(int... alpha) {
    byte[] bytes = new byte[alpha.length];
    for (int i = 0; i < alpha.length; i++) {
      bytes[i] = (byte) alpha[i];
    }
    return AlphaMask.of(alpha.length, 1, bytes);
  }

  @Test
  void equalMasksHaveNoError() {
    AlphaError error = AlphaError.of(mask(0, 128, 255), mask(0, 128, 255));

    assertThat(error.meanAbsolute()).isZero();
    assertThat(error.meanSquared()).isZero();
    assertThat(error.gradient()).isZero();
  }

  @Test
  void levelsAreTakenAsZeroToOne() {
    AlphaError error = AlphaError.of(mask(0, 255, 0, 51), mask(255, 255, 0, 0));

    assertThat(error.meanAbsolute()).isEqualTo((255 + 51) / (255.0 * 4));
    assertThat(error.meanSquared()).isEqualTo((255 * 255 + 51 * 51) / (255.0 * 255 * 4));
  }

  @Test
  void aConstantDifferenceHasNoGradientError() {
    assertThat(AlphaError.of(mask(0, 0, 0), mask(255, 255, 255)).gradient()).isLessThan(1e-20);
  }

  @Test
  void meansAreTakenOverThePixelsOfAllMasks() {
    AlphaError one = AlphaError.of(mask(0), mask(255));
    AlphaError three = AlphaError.of(mask(0, 0, 255), mask(0, 255, 255));
    AlphaError both = one.plus(three);

    assertThat(both.meanAbsolute()).isEqualTo(0.5);
    assertThat(both.meanSquared()).isEqualTo(0.5);
    assertThat(both.gradient()).isEqualTo(one.gradient() + three.gradient());
  }

  @Test
  void refusesMasksOfTwoSizes() {
    assertThatThrownBy(() -> AlphaError.of(mask(0, 0), mask(0, 0, 0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("truth and prediction must have one size, found 2 x 1 and 3 x 1");
  }
}
