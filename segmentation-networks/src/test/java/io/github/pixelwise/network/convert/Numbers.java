package io.github.pixelwise.network.convert;

import io.github.pixelwise.network.Network;
import io.github.pixelwise.network.Parameter;
import io.github.pixelwise.network.Weights;
import io.github.pixelwise.network.checkpoint.WeightTensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Weights made in a test. */
final class Numbers {
  private Numbers() {}

  static WeightTensor of(List<Integer> shape, float... values) {
    return WeightTensor.of(shape, values::clone);
  }

  /** Numbers of 0.5 to 1.5 for every parameter. */
  static Map<String, WeightTensor> of(Network network, int seed) {
    Random random = new Random(seed);
    Map<String, WeightTensor> tensors = new HashMap<>();
    for (Parameter parameter : network.parameters()) {
      float[] values = new float[Math.toIntExact(parameter.size())];
      for (int i = 0; i < values.length; i++) {
        values[i] = 0.5f + random.nextFloat();
      }
      tensors.put(parameter.name(), of(parameter.shape(), values));
    }
    return tensors;
  }

  static Weights weights(Network network) {
    return Weights.of(network, of(network, 1));
  }
}
