package io.github.pixelwise.zoo.convert;

import java.util.List;
import java.util.function.Supplier;

/**
 * Weights of a step, computed when they are written and not kept: one at a time fits into a small
 * heap.
 *
 * @param name a name, unique in the program
 * @param shape the lengths of the axes, outermost first
 * @param values computes the values, the last axis varying fastest
 */
record Constant(String name, List<Integer> shape, Supplier<float[]> values) {
  /** How many values there are. */
  int size() {
    return shape.stream().reduce(1, Math::multiplyExact);
  }
}
