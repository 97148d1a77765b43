package io.github.pixelwise.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.SizeRule;
import io.github.pixelwise.network.AttentionOperation.JoinHeads;
import io.github.pixelwise.network.AttentionOperation.MatrixProduct;
import io.github.pixelwise.network.AttentionOperation.Permute;
import io.github.pixelwise.network.AttentionOperation.Scale;
import io.github.pixelwise.network.AttentionOperation.SplitHeads;
import io.github.pixelwise.network.TensorOperation.AdaptiveAveragePool;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AttentionOperationTest {
  private static final Shape GRID = new Shape(6, 5, 4);

  /** As callers without a null checker may pass it. */
  @SuppressWarnings("NullAway")
  private static final Axis NULL_AXIS = null;

  private final Layer image =
      Layer.input(6, InputSpec.builder("input", SizeRule.fixed(8, 4)).build());

  @Test
  void headsAreMatricesOfChannelsByNodes() {
    Shape heads = new SplitHeads(2, 3).shape(List.of(GRID));

    assertThat(heads).isEqualTo(new Shape(2, 20, 3));
    assertThat(new JoinHeads(6).shape(List.of(heads, GRID))).isEqualTo(GRID);
  }

  @Test
  void channelsMustBeDividedAmongHeads() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SplitHeads(4, 1).shape(List.of(GRID)))
        .withMessage("cannot split 6 channels into 4 heads of 1");
  }

  @Test
  void headsAreJoinedIntoAGridOfAsManyNodes() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new JoinHeads(6).shape(List.of(new Shape(2, 19, 3), GRID)))
        .withMessage("cannot join heads of 2 x 3 x 19 into 6 x 4 x 5");
  }

  @Test
  void matricesOfTheSameChannelsAreMultiplied() {
    assertThat(new MatrixProduct().shape(List.of(new Shape(2, 3, 7), new Shape(2, 5, 3))))
        .isEqualTo(new Shape(2, 5, 7));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new MatrixProduct().shape(List.of(new Shape(2, 3, 7), new Shape(2, 5, 4))))
        .withMessage(
            "cannot multiply the matrices of 2 x 7 x 3 and 2 x 4 x 5: the channels must be equal,"
                + " and the width of the first must be the height of the second");
  }

  @Test
  void aPermutationHasEachAxisOnce() {
    assertThat(new Permute(Axis.HEIGHT, Axis.WIDTH, Axis.CHANNELS).shape(List.of(GRID)))
        .isEqualTo(new Shape(4, 6, 5));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Permute(Axis.HEIGHT, Axis.WIDTH, Axis.WIDTH))
        .withMessage("a permutation needs each axis once, found HEIGHT, WIDTH, WIDTH");
  }

  @Test
  void aPermutationNamesTheAxisThatIsNull() {
    assertThatNullPointerException()
        .isThrownBy(() -> new Permute(Axis.HEIGHT, NULL_AXIS, Axis.WIDTH))
        .withMessage("height");
  }

  @Test
  void aSoftmaxHasAnAxis() {
    assertThatNullPointerException().isThrownBy(() -> image.softmax(NULL_AXIS)).withMessage("axis");
  }

  @Test
  void aLinearLayerHasChannels() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> image.linear("linear", 0))
        .withMessage("a linear layer needs at least 1 output channel, found 0");
  }

  @Test
  void aLinearLayerHasAName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> image.linear("", 3))
        .withMessage(
            "Linear after [Input input] has parameters, so it needs the name that they have in the"
                + " state dict");
  }

  @ParameterizedTest
  @CsvSource({"0, 6", "2, 0", "-2, -3"})
  void aSplitHasHeadsAndChannels(int heads, int length) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SplitHeads(heads, length))
        .withMessage(
            "a split needs at least 1 head of at least 1 channel, found %d heads of %d",
            heads, length);
  }

  @Test
  void joinedHeadsHaveChannels() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new JoinHeads(0))
        .withMessage("joined heads have at least 1 channel, found 0");
  }

  @Test
  void anAdaptivePoolHasCells() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> image.averagePoolTo(0))
        .withMessage("the side of an adaptive pool's grid must be at least 1, found 0");
  }

  @Test
  void aFactorIsFinite() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Scale(Float.NaN))
        .withMessage("a factor must be finite, found NaN");
  }

  @Test
  void anEpsilonIsNotNegative() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> image.layerNorm("norm", Double.NaN))
        .withMessage("the epsilon of a layer norm must be at least 0, found NaN");
  }

  @Test
  void attentionHasTheGridOfItsQueriesAndTheChannelsOfItsValues() {
    Layer coarse = image.averagePool(2, 2, 0);

    Layer result = image.attention(coarse, coarse.linear("values", 4), 2);

    assertThat(Network.of("attention", result).shapes(8, 4))
        .containsEntry(result, new Shape(4, 8, 4));
  }

  @Test
  void attentionNamesWhatDoesNotFit() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> image.attention(image, image, 4))
        .withMessage(
            "the channels, 6 of the queries and 6 of the values, cannot be divided among 4 heads");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> image.attention(image, image, 0))
        .withMessageEndingWith("cannot be divided among 0 heads");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> image.attention(image.linear("keys", 4), image, 2))
        .withMessage("keys need the 6 channels of the queries, found 4");
  }

  /** As PyTorch's AdaptiveAvgPool2d(3) divides 7 nodes: 0 to 2, 2 to 4, and 4 to 6. */
  @Test
  void cellsOfAnAdaptivePoolMayOverlap() {
    float third = 1 / 3f;

    assertThat(new AdaptiveAveragePool(3).shares(7))
        .containsExactly(
            third, third, third, 0, 0, 0, 0, //
            0, 0, third, third, third, 0, 0, //
            0, 0, 0, 0, third, third, third);
  }
}
