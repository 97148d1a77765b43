package io.github.pixelwise.training.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDList;
import io.github.pixelwise.training.Loss;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LossCodeTest {
  private static final long IGNORED = 255;

  /** The losses by case, or by number of channels and case. */
  private static final Map<String, Loss> LOSSES =
      Map.ofEntries(
          Map.entry("cross-entropy", Loss.crossEntropy()),
          Map.entry("cross-entropy-smooth", Loss.crossEntropy().withLabelSmoothing(0.1)),
          Map.entry("focal-0", Loss.focal(0)),
          Map.entry("focal-0.5", Loss.focal(0.5)),
          Map.entry("focal-2", Loss.focal(2)),
          Map.entry("focal-5", Loss.focal(5)),
          Map.entry("ohem-threshold", Loss.ohem(0.6, 0)),
          Map.entry("ohem-kept", Loss.ohem(0, 7)),
          Map.entry("ohem-both", Loss.ohem(0.1, 5)),
          Map.entry("ohem-all", Loss.ohem(0.5, 500)),
          Map.entry("ohem-none", Loss.ohem(1e-6, 0)),
          Map.entry("dice", Loss.dice()),
          Map.entry("lovasz", Loss.lovasz()),
          Map.entry(
              "sum", Loss.crossEntropy().plus(Loss.dice().times(0.5)).plus(Loss.focal(2).times(3))),
          Map.entry("4 cross-entropy-weights", Loss.crossEntropy().withClassWeights(1, 0.25, 3, 2)),
          Map.entry(
              "4 cross-entropy-weights-smooth",
              Loss.crossEntropy().withClassWeights(1, 0.25, 3, 2).withLabelSmoothing(0.2)),
          Map.entry("4 focal-weights", Loss.focal(2).withClassWeights(0.25, 0.75, 1, 2)),
          Map.entry("1 cross-entropy-weights", Loss.crossEntropy().withClassWeights(0.3, 2)),
          Map.entry("1 focal-weights", Loss.focal(2).withClassWeights(0.75, 0.25)));

  private static final Golden GOLDEN = new Golden("losses");

  private static Stream<String> cases() {
    return GOLDEN.keys().stream().filter(key -> key.contains("/")).sorted();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void lossesAndGradientsAreThoseOfPyTorch(String key) throws IOException {
    String input = key.substring(0, key.indexOf('/'));
    String name = key.substring(key.indexOf('/') + 1);
    long[] shape = GOLDEN.integers(input + ".shape");
    Loss loss =
        Objects.requireNonNull(LOSSES.getOrDefault(name, LOSSES.get(shape[1] + " " + name)), key);
    float[] scores = GOLDEN.floats(input + ".scores");
    long[] targets = GOLDEN.integers(input + ".targets");

    float[] actual = lossAndGradient(loss, scores, targets, shape);

    double[] expected = GOLDEN.numbers(key);
    double largest = Arrays.stream(expected).skip(1).map(Math::abs).max().orElseThrow();
    assertThat((double) actual[0]).isCloseTo(expected[0], within(1e-6 * Math.abs(expected[0])));
    assertThat(tail(actual))
        .containsExactly(Golden.toFloats(tail(expected)), within((float) (2e-6 * largest)));
    assertThat(lossAndGradient(loss, scores, targets, shape)).isEqualTo(actual);
  }

  @Test
  void certainPixelsHaveAGradientUnderFocalLoss() throws IOException {
    float[] scores = {200, -200, 0.5f, -200, 200, 0, 90, 3};
    long[] targets = {0, 0, 0, 1};

    float[] actual = lossAndGradient(Loss.focal(0.5), scores, targets, 1, 2, 2, 2);

    for (float number : actual) {
      assertThat(number).isFinite();
    }
  }

  @Test
  void classWeightsMustFitTheNetwork() {
    Loss loss = Loss.dice().plus(Loss.crossEntropy().withClassWeights(1, 2, 3));

    assertThatThrownBy(() -> LossCode.methods(loss, 21, IGNORED))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "the loss has 3 class weights, but the network has 21 classes; give one weight per"
                + " class");
    assertThatThrownBy(() -> LossCode.methods(loss, 1, IGNORED))
        .hasMessage(
            "the loss has 3 class weights, but the network has 2 classes; give one weight per"
                + " class");
  }

  private static float[] lossAndGradient(Loss loss, float[] scores, long[] targets, long... shape)
      throws IOException {
    String forward =
        """
          def forward(self,
            scores: Tensor,
            targets: Tensor) -> List[Tensor]:
            leaf = torch.requires_grad_(torch.detach(scores))
            loss = (self).loss(leaf, targets, )
            gradients = torch.grad([loss], [leaf], None, None, False, False)
            gradient = unchecked_cast(Tensor, gradients[0])
            return [torch.detach(loss), gradient]
        """;
    String methods = LossCode.methods(loss, (int) shape[1], IGNORED) + forward;
    try (TorchClass network = new TorchClass(methods);
        NDList results =
            network.forward(
                network.tensor(scores, shape),
                network.tensor(targets, shape[0], shape[2], shape[3]))) {
      float[] gradient = results.get(1).toFloatArray();
      float[] numbers = new float[1 + gradient.length];
      numbers[0] = results.get(0).toFloatArray()[0];
      System.arraycopy(gradient, 0, numbers, 1, gradient.length);
      return numbers;
    }
  }

  private static float[] tail(float[] numbers) {
    return Arrays.copyOfRange(numbers, 1, numbers.length);
  }

  private static double[] tail(double[] numbers) {
    return Arrays.copyOfRange(numbers, 1, numbers.length);
  }
}
