package io.github.pixelwise.training.internal;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import io.github.pixelwise.network.Parameter;
import io.github.pixelwise.network.checkpoint.WeightTensor;
import io.github.pixelwise.network.convert.TrainingScript;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The tensors of a network in training by their names in checkpoints: weights, running statistics,
 * the optimizer's tensors, and moving averages. They are in PyTorch's memory, and belong to a
 * scope.
 */
final class NetworkTensors {
  private static final String OPTIMIZER = "optimizer.";
  private static final String AVERAGE = "average.";

  private final Map<String, PtNDArray> weights = new LinkedHashMap<>();
  private final Map<String, PtNDArray> statistics = new LinkedHashMap<>();
  private final Map<String, PtNDArray> slots = new LinkedHashMap<>();
  private final Map<String, PtNDArray> averages = new LinkedHashMap<>();

  /**
   * Makes the tensors.
   *
   * @param scope owns them
   * @param script the weights and statistics of the network
   * @param trained those of the weights that are learned
   * @param start the values that they start with
   */
  NetworkTensors(
      PtNDManager scope,
      TrainingScript script,
      List<Parameter> trained,
      TrainableNetwork.Settings settings,
      TrainableNetwork.Source start) {
    script.weights().forEach(each -> weights.put(each.name(), read(scope, each, "", start)));
    script.statistics().forEach(each -> statistics.put(each.name(), read(scope, each, "", start)));
    for (Parameter weight : trained) {
      for (int i = 0; i < settings.slots(); i++) {
        String prefix = OPTIMIZER + i + ".";
        slots.put(prefix + weight.name(), read(scope, weight, prefix, start));
      }
    }
    if (settings.averaging().isPresent()) {
      Stream.concat(script.weights().stream(), script.statistics().stream())
          .forEach(each -> averages.put(AVERAGE + each.name(), read(scope, each, AVERAGE, start)));
    }
  }

  /**
   * The values of a run that begins: the optimizer's tensors are 0, averages are the weights.
   *
   * @param start the values by parameter name
   */
  static TrainableNetwork.Source beginning(Function<String, float[]> start) {
    return (name, shape) ->
        name.startsWith(OPTIMIZER)
            ? new float[shape.stream().reduce(1, Math::multiplyExact)]
            : start.apply(name.startsWith(AVERAGE) ? name.substring(AVERAGE.length()) : name);
  }

  private static PtNDArray read(
      PtNDManager scope, Parameter parameter, String prefix, TrainableNetwork.Source start) {
    float[] values = start.values(prefix + parameter.name(), parameter.shape());
    ByteBuffer bytes =
        ByteBuffer.allocateDirect(Math.multiplyExact(values.length, Float.BYTES))
            .order(ByteOrder.nativeOrder());
    bytes.asFloatBuffer().put(values);
    try (PtNDArray array =
        scope.create(
            bytes,
            new Shape(parameter.shape().stream().mapToLong(Integer::longValue).toArray()),
            DataType.FLOAT32)) {
      // A copy of PyTorch's own: the array above is the buffer's memory.
      return (PtNDArray) array.duplicate();
    }
  }

  Collection<PtNDArray> weights() {
    return weights.values();
  }

  /** The tensors of some weights. */
  List<PtNDArray> weights(List<Parameter> some) {
    return some.stream()
        .map(weight -> Objects.requireNonNull(weights.get(weight.name()), weight.name()))
        .toList();
  }

  Collection<PtNDArray> statistics() {
    return statistics.values();
  }

  Collection<PtNDArray> slots() {
    return slots.values();
  }

  /** Averages of what {@link #current} returns, in the same order; none if there are none. */
  Collection<PtNDArray> averages() {
    return averages.values();
  }

  /** The weights and the statistics. */
  List<PtNDArray> current() {
    return Stream.concat(weights.values().stream(), statistics.values().stream()).toList();
  }

  /** Everything. Values are copied from PyTorch's memory when they are asked for. */
  Map<String, WeightTensor> state() {
    Map<String, WeightTensor> state = parameters();
    slots.forEach((name, array) -> state.put(name, tensor(array)));
    averages.forEach((name, array) -> state.put(name, tensor(array)));
    return state;
  }

  /** The weights and statistics by their names in PyTorch's state dict. */
  Map<String, WeightTensor> parameters() {
    Map<String, WeightTensor> parameters = new LinkedHashMap<>();
    weights.forEach((name, array) -> parameters.put(name, tensor(array)));
    statistics.forEach((name, array) -> parameters.put(name, tensor(array)));
    return parameters;
  }

  /** The moving averages if there are any, otherwise the weights and statistics. */
  Map<String, WeightTensor> averagedParameters() {
    if (averages.isEmpty()) {
      return parameters();
    }
    Map<String, WeightTensor> parameters = new LinkedHashMap<>();
    averages.forEach(
        (name, array) -> parameters.put(name.substring(AVERAGE.length()), tensor(array)));
    return parameters;
  }

  private static WeightTensor tensor(PtNDArray array) {
    List<Integer> shape = new ArrayList<>();
    for (long side : array.getShape().getShape()) {
      shape.add(Math.toIntExact(side));
    }
    return WeightTensor.of(shape, array::toFloatArray);
  }
}
