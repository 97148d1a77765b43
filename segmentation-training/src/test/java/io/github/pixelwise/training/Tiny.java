package io.github.pixelwise.training;

import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.SizeRule;
import io.github.pixelwise.network.Kernel;
import io.github.pixelwise.network.Layer;
import io.github.pixelwise.network.Network;
import io.github.pixelwise.network.Parameter;
import io.github.pixelwise.network.Weights;
import io.github.pixelwise.network.checkpoint.WeightTensor;
import java.util.LinkedHashMap;
import java.util.Map;

/** A network of some 600 kB. */
final class Tiny {
  private Tiny() {}

  static Network network(int classes) {
    return Network.of(
        "tiny",
        Layer.input(3, InputSpec.builder("image", SizeRule.longEdge(64)).build())
            .convolution("stem.conv", 1000, Kernel.of(7).stride(8))
            .batchNorm("stem.bn")
            .relu()
            .convolution("scores", classes, Kernel.of(1).withBias()));
  }

  /** Initial weights. */
  static Map<String, WeightTensor> tensors(Network network, long seed) {
    Weights weights = Weights.initial(network, seed);
    Map<String, WeightTensor> tensors = new LinkedHashMap<>();
    for (Parameter parameter : network.parameters()) {
      tensors.put(
          parameter.name(),
          WeightTensor.of(parameter.shape(), () -> weights.values(parameter.name())));
    }
    return tensors;
  }
}
