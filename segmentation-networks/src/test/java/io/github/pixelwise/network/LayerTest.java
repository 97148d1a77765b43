package io.github.pixelwise.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.pixelwise.model.GridAlignment;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.SizeRule;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LayerTest {
  private static final Kernel HALVING = Kernel.of(3).stride(2);

  private final Layer image = image();
  private final Layer half = image.convolution("half", 8, HALVING);

  /** An input of three channels and free sides. */
  static Layer image() {
    return image(SizeRule.shortEdge(520));
  }

  private static Layer image(SizeRule size) {
    return Layer.input(3, InputSpec.builder("input", size).build());
  }

  @Test
  void refusesGroupsThatDoNotDivideTheChannels() {
    assertRefused(
        () -> image.convolution("stem", 8, HALVING.groups(2)),
        "Convolution stem after [Input input], for an input of 64 x 95: 3 input and 8 output"
            + " channels cannot be divided into 2 groups");
  }

  @Test
  void refusesToConcatenateNothing() {
    assertRefused(() -> Layer.concatenate(), "there are no layers to concatenate");
  }

  @Test
  void refusesAKernelThatDoesNotFit() {
    assertRefused(
        () -> image.convolution("wide", 8, Kernel.of(65).padding(0)),
        "Convolution wide after [Input input], for an input of 64 x 95: a kernel of size 65 with"
            + " dilation 1 and padding 0 does not fit an input side of 64");
  }

  @Test
  void refusesALayerWithoutChannels() {
    assertRefused(
        () -> image.convolution("none", 0, HALVING),
        "Convolution none after [Input input], for an input of 64 x 95: channels and sides must be"
            + " at least 1, found 0 x 48 x 32");
  }

  @Test
  void refusesGroupsInATransposedConvolution() {
    assertRefused(
        () -> image.transposedConvolution("up", 3, HALVING.groups(3)),
        "a transposed convolution must have one group, found 3");
  }

  @Test
  void refusesAPoolThatCouldLieInThePaddingAlone() {
    assertRefused(
        () -> image.maxPool(2, 2, 2),
        "MaxPool after [Input input], for an input of 64 x 95: a pool's padding must be at most "
            + "half its window, found 2 for a window of 2");
    assertRefused(
        () -> image.averagePool(3, 1, 2),
        "AveragePool after [Input input], for an input of 64 x 95: a pool's padding must be at "
            + "most half its window, found 2 for a window of 3");
  }

  @Test
  void refusesAFactorBelow1() {
    assertRefused(
        () -> image.upsample(0, GridAlignment.HALF_PIXEL),
        "the factor must be at least 1, found 0");
  }

  @Test
  void refusesToAddOrMultiplyOtherShapes() {
    assertRefused(
        () -> half.plus(image),
        "Add after [Convolution half, Input input], for an input of 64 x 95: cannot add"
            + " 8 x 48 x 32 and 3 x 95 x 64: channels and sides must be equal, or those of the "
            + "second must be 1");
    assertRefused(
        () -> half.globalAveragePool().times(half),
        "Multiply after [GlobalAveragePool, Convolution half], for an input of 64 x 95: cannot"
            + " multiply 8 x 1 x 1 and 8 x 48 x 32: channels and sides must be equal, or those of "
            + "the second must be 1");
  }

  @Test
  void refusesToConcatenateOtherSides() {
    assertRefused(
        () -> Layer.concatenate(image, half),
        "Concatenate after [Input input, Convolution half], for an input of 64 x 95: cannot"
            + " concatenate 3 x 95 x 64 and 8 x 48 x 32: their sides differ");
  }

  @Test
  void refusesALayerOfAnotherNetwork() {
    Layer other = image(SizeRule.fixed(64, 64)).relu();

    assertRefused(() -> image.plus(other), "Input input and relu belong to two networks");
  }

  @Test
  void findsTheSizesAtWhichGridsDoNotMeet() {
    assertRefused(
        () -> half.upsample(2, GridAlignment.HALF_PIXEL).plus(half.convolution("x", 8, HALVING)),
        "Add after [Upsample, Convolution x], for an input of 64 x 95: cannot add 8 x 96 x 64 and"
            + " 8 x 24 x 16: channels and sides must be equal, or those of the second "
            + "must be 1");
  }

  @Test
  void joinsLayersOfOneNodeWithAnyOther() {
    Layer weights = half.globalAveragePool();

    assertThat(weights.isSingleNode()).isTrue();
    assertThat(half.isSingleNode()).isFalse();
    assertThat(half.times(weights).channels()).isEqualTo(8);
    assertThat(half.plus(weights).stride()).isEqualTo(2);
  }

  @Test
  void knowsItsStrideRoundedUp() {
    assertThat(image.stride()).isOne();
    assertThat(half.stride()).isEqualTo(2);
    assertThat(half.maxPool(3, 2, 1).stride()).isEqualTo(4);
  }

  @Test
  void hasNoStrideWhereSidesAreRoundedDown() {
    Layer pooled = image.maxPool(2, 2, 0);

    assertRefused(
        pooled::stride,
        "MaxPool has no constant stride: its output is 3 x 47 x 32 for an input of 1 x 95 x 64");
    assertThat(image(SizeRule.shortEdge(520).withMultiple(2, 0)).maxPool(2, 2, 0).stride())
        .isEqualTo(2);
  }

  @Test
  void hasNoFactorWhereAGridOfRoundedDownSidesMeetsOneOfAFixedSize() {
    Layer coarse = image.maxPool(32, 32, 0); // 2 x 2 for every side from 64 to 95

    assertThat(coarse.factorOf(coarse.averagePoolTo(2))).isEmpty();
    assertThat(coarse.factorOf(coarse.averagePoolTo(1))).isEmpty();
  }

  @Test
  void knowsFactorsThatAreConstant() {
    Layer quarter = half.convolution("quarter", 8, HALVING);

    assertThat(half.factorOf(half)).hasValue(1);
    assertThat(half.upsample(4, GridAlignment.HALF_PIXEL).factorOf(half)).hasValue(4);
    assertThat(half.factorOf(quarter)).as("33 is not twice 17").isEmpty();
    assertThat(quarter.factorOf(half)).as("a half is not whole").isEmpty();
    assertThat(half.factorOf(half.globalAveragePool())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"4, 0, 2", "4, 1, 0", "2, 0, 0"})
  void knowsFactorsThatFollowFromTheSizeRule(int multiple, int remainder, int expected) {
    Layer first =
        image(SizeRule.longEdge(512).withMultiple(multiple, remainder))
            .convolution("half", 8, HALVING);

    assertThat(first.factorOf(first.convolution("quarter", 8, HALVING)).orElse(0))
        .isEqualTo(expected);
  }

  private static void assertRefused(ThrowingCallable call, String message) {
    assertThatIllegalArgumentException().isThrownBy(call).withMessage("%s", message);
  }
}
