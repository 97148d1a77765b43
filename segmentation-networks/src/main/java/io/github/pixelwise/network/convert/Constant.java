package io.github.pixelwise.network.convert;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.function.Supplier;

/**
 * Weights of a step. They are computed when they are written and not kept, so only one tensor at a
 * time is on the heap.
 *
 * @param name the name, unique in the program
 * @param shape the lengths of the axes, outermost first
 * @param values computes the values, the last axis varying fastest
 */
record Constant(String name, List<Integer> shape, Supplier<float[]> values) {
  /** Returns the number of values. */
  int size() {
    return shape.stream().reduce(1, Math::multiplyExact);
  }

  /** Returns the values as little-endian bytes. */
  byte[] bytes(Precision precision) {
    float[] computed = values.get();
    if (computed.length != size()) {
      throw new IllegalStateException(
          "%s has shape %s, found %d values".formatted(name, shape, computed.length));
    }
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(computed.length, precision.bytes()))
            .order(ByteOrder.LITTLE_ENDIAN);
    if (precision == Precision.FLOAT32) {
      bytes.asFloatBuffer().put(computed);
    } else {
      bytes.asShortBuffer().put(HalfFloats.of(precision, name, computed));
    }
    return bytes.array();
  }
}
