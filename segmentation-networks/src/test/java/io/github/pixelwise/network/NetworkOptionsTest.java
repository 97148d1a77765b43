package io.github.pixelwise.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkOptionsTest {
  private static final NetworkOptions OPTIONS = NetworkOptions.ofClasses(2);

  @Test
  void areThePublishedNetworksUnlessSaidOtherwise() {
    assertThat(OPTIONS.width()).isOne();
    assertThat(OPTIONS.outputStride()).isEmpty();
    assertThat(OPTIONS.size()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 65_536})
  void refuseNumbersOfClassesThatNoMaskHolds(int classes) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> NetworkOptions.ofClasses(classes))
        .withMessage("the number of classes must be 1 to 65535, found " + classes);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, 8.5, Double.NaN})
  void refuseWidthsOutOfRange(double width) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> OPTIONS.withWidth(width))
        .withMessage("the width must be above 0 and at most 8, found %s", width);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 4, 32})
  void refuseOtherOutputStrides(int stride) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> OPTIONS.withOutputStride(stride))
        .withMessage("the output stride must be 8 or 16, found " + stride);
  }
}
