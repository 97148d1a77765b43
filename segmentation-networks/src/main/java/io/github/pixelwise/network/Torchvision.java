package io.github.pixelwise.network;

import io.github.pixelwise.model.SizeRule;

/** What torchvision's networks have in common. */
final class Torchvision {
  private Torchvision() {}

  /** A photograph of short edge 520, as the published networks were evaluated. */
  static Layer image(NetworkOptions options) {
    return options.photograph(SizeRule.shortEdge(520).withRounding(SizeRule.Rounding.DOWN));
  }

  static ResNet resNet(Layer image, int depth, NetworkOptions options) {
    int outputStride = options.outputStride().orElse(8);
    return ResNet.of(image, depth, outputStride, Dilation.AFTER_FIRST_BLOCK, options);
  }
}
