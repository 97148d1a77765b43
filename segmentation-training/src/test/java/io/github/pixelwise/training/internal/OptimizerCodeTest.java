package io.github.pixelwise.training.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import io.github.pixelwise.training.Optimizer;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OptimizerCodeTest {
  private static final Map<String, Optimizer> OPTIMIZERS =
      Map.ofEntries(
          Map.entry("sgd", Optimizer.sgd(0)),
          Map.entry("sgd-decay", Optimizer.sgd(0).withWeightDecay(0.1)),
          Map.entry("sgd-momentum", Optimizer.sgd(0.9)),
          Map.entry("sgd-dampening", Optimizer.sgd(0.8).withDampening(0.3).withWeightDecay(0.01)),
          Map.entry("sgd-nesterov", Optimizer.sgd(0.9).withNesterov().withWeightDecay(0.01)),
          Map.entry("adam", Optimizer.adam()),
          Map.entry("adam-decay", Optimizer.adam().withWeightDecay(0.1)),
          Map.entry("adam-betas", Optimizer.adam().withBetas(0.5, 0.9).withEpsilon(0.001)),
          Map.entry("adamw", Optimizer.adamW()),
          Map.entry("adamw-decay", Optimizer.adamW().withWeightDecay(0.3)),
          Map.entry("rmsprop", Optimizer.rmsProp()),
          Map.entry("rmsprop-decay", Optimizer.rmsProp().withWeightDecay(0.1)),
          Map.entry("rmsprop-momentum", Optimizer.rmsProp().withMomentum(0.9)),
          Map.entry("rmsprop-centered", Optimizer.rmsProp().withCentering()),
          Map.entry(
              "rmsprop-all",
              Optimizer.rmsProp()
                  .withAlpha(0.9)
                  .withEpsilon(1e-7)
                  .withMomentum(0.5)
                  .withCentering()
                  .withWeightDecay(0.01)));

  private static final Golden GOLDEN = new Golden("optimizers");

  private static Stream<String> cases() {
    return GOLDEN.keys().stream()
        .filter(key -> key.endsWith(".20"))
        .map(key -> key.substring(0, key.length() - 3))
        .sorted();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void twentyStepsAreThoseOfPyTorch(String name) throws IOException {
    Optimizer optimizer = Objects.requireNonNull(OPTIMIZERS.get(name), name);
    try (TorchClass network = new TorchClass(OptimizerCode.update(optimizer))) {
      PtNDArray[] weights = pair(network, GOLDEN.floats("weights"), 0);
      PtNDArray[] slots = slots(network, OptimizerCode.slots(optimizer));
      for (int step = 1; step <= 20; step++) {
        PtNDArray[] gradients = pair(network, GOLDEN.floats("gradients"), (step - 1) * 10);
        network
            .call(
                "update",
                IValue.listFrom(weights),
                IValue.listFrom(gradients),
                IValue.listFrom(slots),
                IValue.listFrom(0.05, 0.005),
                IValue.listFrom(optimizer.weightDecay(), 0),
                IValue.from((long) step))
            .close();
        String key = name + "." + step;
        if (GOLDEN.keys().contains(key)) {
          assertEqual(numbers(weights), GOLDEN.floats(key), key);
        }
      }
    }
  }

  @Test
  void clipScalesGradientsWhoseNormIsAboveTheLimit() throws IOException {
    try (TorchClass network = new TorchClass(OptimizerCode.CLIP)) {
      for (double limit : new double[] {0.5, 100}) {
        PtNDArray[] gradients = pair(network, GOLDEN.floats("gradients"), 0);

        float norm =
            network.number(network.call("clip", IValue.listFrom(gradients), IValue.from(limit)));

        float[] expected = GOLDEN.floats("clip." + limit);
        assertThat(norm).isCloseTo(expected[0], within(1e-6f));
        assertEqual(numbers(gradients), Arrays.copyOfRange(expected, 1, 11), "limit " + limit);
      }
    }
  }

  @Test
  void accumulateAddsGradientsTimesAFactor() throws IOException {
    try (TorchClass network = new TorchClass(OptimizerCode.ACCUMULATE)) {
      PtNDArray[] sums = {
        network.tensor(new float[] {1, 2}, 2), network.tensor(new float[] {3}, 1)
      };
      PtNDArray[] gradients = {
        network.tensor(new float[] {8, -4}, 2), network.tensor(new float[] {12}, 1)
      };

      network
          .call("accumulate", IValue.listFrom(sums), IValue.listFrom(gradients), IValue.from(0.25))
          .close();

      assertThat(numbers(sums)).containsExactly(3, 1, 6);
      assertThat(numbers(gradients)).containsExactly(8, -4, 12);
    }
  }

  @Test
  void averageMovesTowardTheWeights() throws IOException {
    try (TorchClass network = new TorchClass(OptimizerCode.AVERAGE)) {
      PtNDArray[] averages = {network.tensor(new float[] {1, 2}, 2)};
      PtNDArray[] weights = {network.tensor(new float[] {5, -2}, 2)};

      network
          .call("average", IValue.listFrom(averages), IValue.listFrom(weights), IValue.from(0.75))
          .close();

      assertThat(numbers(averages)).containsExactly(2, 1);
      assertThat(numbers(weights)).containsExactly(5, -2);
    }
  }

  /** Weights of shapes 3 x 2 and 4. */
  private static PtNDArray[] pair(TorchClass network, float[] numbers, int start) {
    return new PtNDArray[] {
      network.tensor(Arrays.copyOfRange(numbers, start, start + 6), 3, 2),
      network.tensor(Arrays.copyOfRange(numbers, start + 6, start + 10), 4)
    };
  }

  private static PtNDArray[] slots(TorchClass network, int perWeight) {
    PtNDArray[] slots = new PtNDArray[2 * perWeight];
    for (int i = 0; i < perWeight; i++) {
      slots[i] = network.tensor(new float[6], 3, 2);
      slots[perWeight + i] = network.tensor(new float[4], 4);
    }
    return slots;
  }

  /** Versions of PyTorch round some results of the same operations differently. */
  private static void assertEqual(float[] actual, float[] expected, String name) {
    float largest = 0;
    for (float number : expected) {
      largest = Math.max(largest, Math.abs(number));
    }
    assertThat(actual).as(name).containsExactly(expected, within(5e-7f * largest));
  }

  private static float[] numbers(PtNDArray[] tensors) {
    double[] numbers =
        Arrays.stream(tensors)
            .map(PtNDArray::toFloatArray)
            .flatMapToDouble(
                floats -> IntStream.range(0, floats.length).mapToDouble(i -> floats[i]))
            .toArray();
    return Golden.toFloats(numbers);
  }
}
