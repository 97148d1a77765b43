package io.github.pixelwise.network.checkpoint;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The positions of a tensor's elements, relative to its first. Immutable.
 *
 * @param shape the lengths of the axes, outermost first
 * @param strides the distance between neighbors along each axis, in elements; not negative
 * @param elements the number of elements, which fits an array
 * @param span the number of stored elements from its first to its last, inclusive
 */
record TensorLayout(List<Integer> shape, List<Long> strides, int elements, long span) {
  /** The most axes. Weights have at most five. */
  private static final int MAX_AXES = 16;

  private static final int MAX_ELEMENTS = Integer.MAX_VALUE - 8;

  /**
   * Checks and creates a layout.
   *
   * @throws IOException if an axis or stride is negative, or there are more elements than fit an
   *     array
   */
  static TensorLayout of(List<Long> shape, List<Long> strides) throws IOException {
    if (shape.size() > MAX_AXES || shape.size() != strides.size()) {
      throw new IOException(
          "a tensor has %d axes and %d strides; expected the same number of both, at most %d"
              .formatted(shape.size(), strides.size(), MAX_AXES));
    }
    List<Integer> lengths = new ArrayList<>();
    long elements = 1;
    long last = 0;
    for (int axis = 0; axis < shape.size(); axis++) {
      long length = shape.get(axis);
      long stride = strides.get(axis);
      if (length < 0 || length > MAX_ELEMENTS || stride < 0) {
        throw new IOException("a tensor cannot have shape " + shape + " and strides " + strides);
      }
      lengths.add((int) length);
      // Neither product overflows: lengths are below 2^31, and strides are capped at 2^31.
      elements *= length;
      last += Math.max(0, length - 1) * Math.min(stride, Integer.MAX_VALUE);
      if (elements > MAX_ELEMENTS) {
        throw new IOException(
            "a tensor of shape "
                + shape
                + " has more elements than the "
                + MAX_ELEMENTS
                + " of an array");
      }
    }
    return new TensorLayout(
        List.copyOf(lengths), List.copyOf(strides), (int) elements, elements == 0 ? 0 : last + 1);
  }

  /** Checks and creates a contiguous layout with the last axis varying fastest. */
  static TensorLayout contiguous(List<Long> shape) throws IOException {
    List<Long> strides = new ArrayList<>(shape);
    long stride = 1;
    for (int axis = shape.size() - 1; axis >= 0; axis--) {
      strides.set(axis, stride);
      long length = Math.max(1, Math.min(shape.get(axis), Integer.MAX_VALUE));
      stride = Math.min(stride * length, Integer.MAX_VALUE);
    }
    return of(shape, strides);
  }

  /**
   * Returns the same elements in the same order with as few axes as possible: axes of length 1 are
   * dropped, and contiguous axes are merged.
   */
  TensorLayout merged() {
    List<Integer> lengths = new ArrayList<>();
    List<Long> steps = new ArrayList<>();
    for (int axis = 0; axis < shape.size(); axis++) {
      int length = shape.get(axis);
      long stride = strides.get(axis);
      int outer = lengths.size() - 1;
      if (length == 1) {
        continue;
      }
      if (outer >= 0 && steps.get(outer) == length * stride) {
        lengths.set(outer, lengths.get(outer) * length);
        steps.set(outer, stride);
      } else {
        lengths.add(length);
        steps.add(stride);
      }
    }
    return new TensorLayout(lengths, steps, elements, span);
  }
}
