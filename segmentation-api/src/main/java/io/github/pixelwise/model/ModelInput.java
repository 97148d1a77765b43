package io.github.pixelwise.model;

import java.util.Objects;

/**
 * A prepared image: the network's input, and where the source image lies in it.
 *
 * @param tensor the network's input, a batch of one, in the layout of its {@link InputSpec}
 * @param geometry where the source image lies in the tensor
 */
public record ModelInput(FloatTensor tensor, ImageGeometry geometry) {
  /**
   * Creates an input.
   *
   * @param tensor the network's input, a batch of one, in the layout of its {@link InputSpec}
   * @param geometry where the source image lies in the tensor
   */
  public ModelInput {
    Objects.requireNonNull(tensor, "tensor");
    Objects.requireNonNull(geometry, "geometry");
  }
}
