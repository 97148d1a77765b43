package io.github.pixelwise.zoo.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.pixelwise.ModelLoadException;
import io.github.pixelwise.zoo.checkpoint.WeightTensor;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class WeightsTest {
  private final Layer stem = LayerTest.image().convolution("stem", 8, Kernel.of(3)).batchNorm("bn");
  private final Network network =
      Network.of("tiny", stem.convolution("scores", 2, Kernel.of(1).withBias()));
  private final Map<String, Zeros> tensors = tensorsOf(network);

  private record Zeros(List<Integer> shape) implements WeightTensor {
    @Override
    public String type() {
      return "float32";
    }

    @Override
    public float[] values() {
      return new float[shape.stream().reduce(1, Math::multiplyExact)];
    }
  }

  private static Map<String, Zeros> tensorsOf(Network network) {
    Map<String, Zeros> tensors = new TreeMap<>();
    for (Parameter parameter : network.parameters()) {
      tensors.put(parameter.name(), new Zeros(parameter.shape()));
    }
    return tensors;
  }

  @Test
  void areACheckpointThatFits() {
    tensors.put("bn.num_batches_tracked", new Zeros(List.of()));

    Weights weights = Weights.of(network, tensors);

    assertThat(weights.values("stem.weight")).hasSize(216);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> weights.values("stem.bias"))
        .withMessage("there are no weights for stem.bias");
  }

  @Test
  void mayLackAnAuxiliaryOutputs() {
    Network trained = network.withAuxiliary(stem.convolution("aux", 2, Kernel.of(1)));

    assertThat(Weights.of(trained, tensors).values("scores.bias")).hasSize(2);
    assertThat(Weights.of(trained, tensorsOf(trained)).values("aux.weight")).hasSize(16);
  }

  @Test
  void mayLeaveOverWhatTheNetworkIgnores() {
    tensors.put("copy.stem.weight", new Zeros(List.of(1)));

    Network ignoring = network.ignoring("copy.").ignoring("other.");
    assertThat(Weights.of(ignoring, tensors).values("bn.weight")).hasSize(8);
    assertThatExceptionOfType(ModelLoadException.class)
        .isThrownBy(() -> Weights.of(network, tensors))
        .withMessageContaining("Left over, 1: copy.stem.weight.");
  }

  @Test
  void listWhatIsMissingLeftOverAndOfAnotherShape() {
    tensors.remove("bn.running_mean");
    tensors.put("extra.weight", new Zeros(List.of(4)));
    tensors.put("scores.weight", new Zeros(List.of(3, 8, 1, 1)));
    tensors.put("scores.bias", new Zeros(List.of(3)));

    assertThatExceptionOfType(ModelLoadException.class)
        .isThrownBy(() -> Weights.of(network, tensors))
        .withMessage(
            "the checkpoint does not fit network tiny, 250 parameters, of 2 classes."
                + " Missing, 1: bn.running_mean. Left over, 1: extra.weight."
                + " Of another shape, 2: scores.weight is [3, 8, 1, 1] and should be [2, 8, 1, 1],"
                + " scores.bias is [3] and should be [2]."
                + " Is it of another network, number of classes, or width?");
  }

  @Test
  void listTwentyNamesAndCountTheOthers() {
    for (int i = 10; i < 35; i++) {
      tensors.put("extra" + i, new Zeros(List.of(1)));
    }

    assertThatExceptionOfType(ModelLoadException.class)
        .isThrownBy(() -> Weights.of(network, tensors))
        .withMessageContaining("Left over, 25: extra10, extra11, ")
        .withMessageContaining(", extra29 and 5 more.");
  }
}
