package io.github.pixelwise.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KernelTest {
  @ParameterizedTest
  @CsvSource({"1, 1", "3, 1", "3, 12", "5, 2", "7, 1"})
  void keepsTheSideUnlessSaidOtherwise(int size, int dilation) {
    assertThat(Kernel.of(size).dilation(dilation).outputSide(33)).isEqualTo(33);
  }

  /** By PyTorch's formulas: ceil(33 / 2) = 17, and (7 - 1) * 32 - 2 * 16 + 64 = 224. */
  @Test
  void knowsTheSidesOfStridedOnes() {
    assertThat(Kernel.of(7).stride(2).outputSide(33)).isEqualTo(17);
    assertThat(Kernel.of(2).stride(2).padding(0).outputSide(33)).isEqualTo(16);
    assertThat(Kernel.of(64).stride(32).padding(16).transposedSide(7)).isEqualTo(224);
  }

  @ParameterizedTest
  @CsvSource({"0, 1, 0, 1, 1", "3, 0, 0, 1, 1", "3, 1, -1, 1, 1", "3, 1, 0, 0, 1", "3, 1, 0, 1, 0"})
  void refusesNumbersOutOfRange(int size, int stride, int padding, int dilation, int groups) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Kernel(size, stride, padding, dilation, groups, false))
        .withMessage(
            "a kernel needs a size, stride, dilation and groups of at least 1 and a padding of at "
                + "least 0, found size %d, stride %d, padding %d, dilation %d, groups %d",
            size, stride, padding, dilation, groups);
  }
}
