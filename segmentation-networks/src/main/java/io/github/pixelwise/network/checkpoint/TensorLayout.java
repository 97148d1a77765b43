package io.github.pixelwise.network.checkpoint;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the elements of a tensor lie, counted in elements from its first. Immutable.
 *
 * @param shape the lengths of the axes, outermost first
 * @param strides for each axis how far the next element along it is, not negative
 * @param elements how many elements it has, which fit an array
 * @param span how many stored elements lie from its first to its last
 */
record TensorLayout(List<Integer> shape, List<Long> strides, int elements, long span) {
  /** Weights have five at most. */
  private static final int MAX_AXES = 16;

  private static final int MAX_ELEMENTS = Integer.MAX_VALUE - 8;

  /**
   * Checks and makes a layout.
   *
   * @throws IOException if an axis or stride is negative, or there are more elements than fit an
   *     array
   */
  static TensorLayout of(List<Long> shape, List<Long> strides) throws IOException {
    if (shape.size() > MAX_AXES || shape.size() != strides.size()) {
      throw new IOException(
          "a tensor has %d axes and %d strides; expected as many of both, at most %d"
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
      // Neither product overflows: lengths are below 2^31, and strides are cut off at 2^31.
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

  /** Checks and makes the layout of elements one beside the other, the last axis fastest. */
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
   * The same elements in the same order with as few axes as can be: those of length 1 are dropped,
   * and those that run on from one to the next are one.
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
