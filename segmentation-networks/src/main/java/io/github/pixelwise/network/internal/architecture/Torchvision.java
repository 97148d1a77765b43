package io.github.pixelwise.network.internal.architecture;

import io.github.pixelwise.model.SizeRule;
import io.github.pixelwise.network.Layer;
import io.github.pixelwise.network.NetworkOptions;

/** What torchvision's networks share. */
final class Torchvision {
  private Torchvision() {}

  /** An input with a short edge of 520, as in the evaluation of the published networks. */
  static Layer image(NetworkOptions options) {
    return Photograph.input(options, SizeRule.shortEdge(520).withRounding(SizeRule.Rounding.DOWN));
  }

  static ResNet resNet(Layer image, int depth, NetworkOptions options) {
    int outputStride = options.outputStride().orElse(8);
    return ResNet.of(image, depth, outputStride, Dilation.AFTER_FIRST_BLOCK, options);
  }
}
