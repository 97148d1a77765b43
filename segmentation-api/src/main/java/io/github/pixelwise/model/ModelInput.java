package io.github.pixelwise.model;

import java.util.Objects;

/**
 * A prepared image: what the network gets, and how to find the way back to the source.
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
