package io.github.pixelwise.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TensorInfoTest {
  private static final TensorInfo IMAGE =
      TensorInfo.of("image", ElementType.FLOAT32).withSides(1, 3, TensorInfo.ANY, TensorInfo.ANY);

  @Test
  void sidesOfAnyLengthAreQuestionMarks() {
    assertThat(IMAGE).hasToString("[1 x 3 x ? x ?]");
    assertThat(TensorInfo.of("image")).hasToString("[...]");
  }

  @Test
  void aShapeFitsByItsKnownSides() {
    assertThat(IMAGE.fits(1, 3, 24, 32)).isTrue();
    assertThat(IMAGE.fits(2, 3, 24, 32)).isFalse();
    assertThat(IMAGE.fits(1, 24, 32, 3)).isFalse();
    assertThat(IMAGE.fits(1, 3, 24)).isFalse();
    assertThat(TensorInfo.of("image").fits(7)).isTrue();
  }

  @Test
  void theFirstSideIsTheBatch() {
    assertThat(IMAGE.fixedBatch()).hasValue(1);
    assertThat(IMAGE.withSides(TensorInfo.ANY, 3, 8, 8).fixedBatch()).isEmpty();
    assertThat(TensorInfo.of("image").fixedBatch()).isEmpty();
  }

  @Test
  void sidesAreCopies() {
    int[] sides = {1, 3};
    TensorInfo tensor = IMAGE.withSides(sides);
    sides[0] = 9;
    tensor.sides().orElseThrow()[1] = 9;

    assertThat(tensor).hasToString("[1 x 3]").isEqualTo(IMAGE.withSides(1, 3));
  }

  @Test
  void aSideIsAtLeastOne() {
    assertThatThrownBy(() -> IMAGE.withSides(1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("sides of \"image\" must be at least 1, or ANY, found [1, 0]");
  }
}
