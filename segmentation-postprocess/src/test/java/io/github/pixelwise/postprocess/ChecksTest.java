package io.github.pixelwise.postprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class ChecksTest {
  @Test
  void refusesPicturesThatDoNotFitAnArray() {
    assertThat(Checks.samples(3, 2, 4)).hasSize(24);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Checks.samples(40_000, 20_000, 3))
        .withMessage("40000 x 20000 pixels of 3 samples do not fit an array");
  }
}
