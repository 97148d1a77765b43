package io.github.pixelwise.network.checkpoint;

import java.util.List;
import java.util.function.Supplier;

/**
 * One named tensor of trained weights. Immutable; safe for several threads. Holds no values itself:
 * they are read from where they lie each time they are asked for.
 */
public interface WeightTensor {
  /**
   * Makes a tensor of float32.
   *
   * @param shape the lengths of the axes, outermost first; empty for a single number
   * @param values gives the values each time they are asked for, in a new array, the last axis
   *     varying fastest
   * @return the tensor
   */
  static WeightTensor of(List<Integer> shape, Supplier<float[]> values) {
    return new ComputedTensor(List.copyOf(shape), values);
  }

  /**
   * Returns the lengths of the axes.
   *
   * @return the lengths, outermost first; empty for a single number
   */
  List<Integer> shape();

  /**
   * Returns the type in which the values are stored.
   *
   * @return for example {@code float32}, {@code bfloat16} or {@code int64}
   */
  String type();

  /**
   * Returns the values, converted to float32.
   *
   * @return a new array, the last axis varying fastest
   * @throws java.io.UncheckedIOException if the file they lie in cannot be read any more
   */
  float[] values();
}
