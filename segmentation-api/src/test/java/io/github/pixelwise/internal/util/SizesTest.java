package io.github.pixelwise.internal.util;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class SizesTest {
  @Test
  void refusesPicturesThatDoNotFitAnArray() {
    assertThat(Sizes.samples(3, 2, 4)).isEqualTo(24);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Sizes.samples(40_000, 20_000, 3))
        .withMessage("40000 x 20000 pixels of 3 samples do not fit an array");
  }

  @Test
  void refusesSizesWhoseProductOverflows() {
    for (int samples : new int[] {1, 3, Integer.MAX_VALUE}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Sizes.samples(Integer.MAX_VALUE, Integer.MAX_VALUE, samples))
          .withMessageEndingWith("samples do not fit an array");
    }
  }
}
