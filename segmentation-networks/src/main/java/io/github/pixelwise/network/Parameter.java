package io.github.pixelwise.network;

import java.util.List;

/**
 * A parameter or buffer of a network, as stored in a checkpoint.
 *
 * @param name its name in PyTorch's state dict, for example {@code backbone.conv1.weight}
 * @param shape the lengths of its axes, outermost first
 * @param trained whether it is learned; the running statistics of batch norm are not, and do not
 *     count as parameters
 */
public record Parameter(String name, List<Integer> shape, boolean trained) {
  /**
   * Creates a parameter.
   *
   * @param name its name in PyTorch's state dict, for example {@code backbone.conv1.weight}
   * @param shape the lengths of its axes, outermost first
   * @param trained whether it is learned; the running statistics of batch norm are not, and do not
   *     count as parameters
   */
  public Parameter {
    shape = List.copyOf(shape);
  }

  /**
   * Returns the number of values.
   *
   * @return the product of its axes
   */
  public long size() {
    return shape.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
  }
}
