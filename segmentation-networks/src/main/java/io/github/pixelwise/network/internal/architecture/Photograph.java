package io.github.pixelwise.network.internal.architecture;

import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.SizeRule;
import io.github.pixelwise.network.Layer;
import io.github.pixelwise.network.NetworkOptions;

/** The input of networks for photographs. */
final class Photograph {
  private Photograph() {}

  /** RGB, normalized as for ImageNet classifiers, from which most networks were trained. */
  static Layer input(NetworkOptions options, SizeRule own) {
    return Layer.input(3, InputSpec.builder("input", size(options, own)).imageNet().build());
  }

  static SizeRule size(NetworkOptions options, SizeRule own) {
    return options.size().orElse(own);
  }
}
