package io.github.pixelwise.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class LossTest {
  @Test
  void settingsMustBeInTheirRanges() {
    Loss.CrossEntropy crossEntropy = Loss.crossEntropy();
    Loss dice = Loss.dice();
    assertRefused(
        () -> Loss.focal(-1), "the gamma of the focal loss is -1.0; it must be 0 or more");
    assertRefused(
        () -> crossEntropy.withLabelSmoothing(1.5),
        "the label smoothing is 1.5; it must be from 0 to 1");
    assertRefused(
        () -> crossEntropy.withClassWeights(1, -2), "a class weight is -2.0; it must be 0 or more");
    assertRefused(
        () -> crossEntropy.withClassWeights(0, 0),
        "no class has a weight above 0, found [0.0, 0.0]; give one weight per class");
    assertRefused(() -> Loss.ohem(1.1, 5), "the threshold of OHEM is 1.1; it must be from 0 to 1");
    assertRefused(
        () -> Loss.ohem(0.7, -5), "the least number of pixels of OHEM is -5; it must be 0 or more");
    assertRefused(
        () -> Loss.ohem(0, 0),
        "OHEM with threshold 0 and 0 pixels takes no pixel; raise one of them");
    assertRefused(() -> dice.times(0), "the factor of a loss is 0.0; it must be more than 0");
    assertRefused(
        () -> dice.times(Double.POSITIVE_INFINITY),
        "the factor of a loss is Infinity; it must be finite");
  }

  private static void assertRefused(ThrowingCallable call, String message) {
    assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
  }

  @Test
  void theTextHasAllSettings() {
    assertThat(Loss.crossEntropy().withClassWeights(1, 2).withLabelSmoothing(0.1))
        .hasToString("cross-entropy(label smoothing 0.1, class weights 1.0 2.0)");
    assertThat(Loss.focal(2).withClassWeights(1, 2))
        .hasToString("focal(gamma 2.0, class weights 1.0 2.0)");
    assertThat(Loss.ohem(0.7, 1000)).hasToString("ohem(threshold 0.7, pixels 1000)");
  }

  @Test
  void factorsOfASumMultiplyItsTerms() {
    Loss loss = Loss.focal(2).plus(Loss.dice().times(0.5)).times(2).plus(Loss.lovasz());

    assertThat(loss).hasToString("2.0 * focal(gamma 2.0) + dice + lovasz");
    assertThat(loss.terms())
        .containsExactly(
            new Loss.Term(2, Loss.focal(2)),
            new Loss.Term(1, Loss.dice()),
            new Loss.Term(1, Loss.lovasz()));
  }

  @Test
  void noClassWeightsMeansThatAllAreOne() {
    assertThat(Loss.crossEntropy().withClassWeights()).isEqualTo(Loss.crossEntropy());
    assertThat(Loss.focal(2).withClassWeights()).isEqualTo(Loss.focal(2));
  }

  @Test
  void lossesWithTheSameSettingsAreEqual() {
    assertThat(Loss.focal(2))
        .isEqualTo(Loss.focal(2))
        .hasSameHashCodeAs(Loss.focal(2))
        .isNotEqualTo(Loss.focal(3));
  }
}
