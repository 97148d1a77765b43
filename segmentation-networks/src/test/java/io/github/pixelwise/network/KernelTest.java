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
    assertThat(Kernel.of(size).dilation(dilation).horizontal().outputSide(33)).isEqualTo(33);
  }

  /** By PyTorch's formulas: ceil(33 / 2) = 17, and (7 - 1) * 32 - 2 * 16 + 64 = 224. */
  @Test
  void knowsTheSidesOfStridedOnes() {
    assertThat(Kernel.of(7).stride(2).horizontal().outputSide(33)).isEqualTo(17);
    assertThat(Kernel.of(2).stride(2).padding(0).horizontal().outputSide(33)).isEqualTo(16);
    assertThat(Kernel.of(64).stride(32).padding(16).horizontal().transposedSide(7)).isEqualTo(224);
  }

  /** By TensorFlow's rule for an even side: nothing before, and one zero after. */
  @Test
  void mayPadOneEndOnly() {
    Kernel.Axis axis = new Kernel.Axis(3, 2, 0, 1, 1);

    assertThat(axis.outputSide(14)).isEqualTo(7);
    assertThat(axis.isSymmetric()).isFalse();
    assertThat(new Kernel(axis, axis, 1, false).isSymmetric()).isFalse();
    assertThat(Kernel.of(3).isSymmetric()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1, 0, 0, 1",
    "3, 0, 0, 0, 1",
    "3, 1, -1, 0, 1",
    "3, 1, 0, -1, 1",
    "3, 1, 0, 0, 0"
  })
  void refusesNumbersOutOfRange(int size, int stride, int before, int after, int dilation) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Kernel.Axis(size, stride, before, after, dilation))
        .withMessage(
            "a kernel needs a size, stride and dilation of at least 1 and a padding of at least 0,"
                + " found size %d, stride %d, padding %d and %d, dilation %d",
            size, stride, before, after, dilation);
  }

  @Test
  void refusesNoGroups() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Kernel.of(3).groups(0))
        .withMessage("a kernel needs at least 1 group of channels, found 0");
  }
}
