package io.github.pixelwise.network.checkpoint;

import java.util.List;
import java.util.function.Supplier;

/**
 * A named tensor of trained weights. Immutable; safe for use by several threads. It does not store
 * its values but reads them on each request.
 */
public interface WeightTensor {
  /**
   * Creates a float32 tensor.
   *
   * @param shape the lengths of the axes, outermost first; empty for a single number
   * @param values supplies the values on each request, in a new array with the last axis varying
   *     fastest
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
   * Returns the type of the stored values.
   *
   * @return the type, for example {@code float32}, {@code bfloat16} or {@code int64}
   */
  String type();

  /**
   * Returns the values, converted to float32.
   *
   * @return a new array with the last axis varying fastest
   * @throws java.io.UncheckedIOException if their file can no longer be read
   */
  float[] values();
}
