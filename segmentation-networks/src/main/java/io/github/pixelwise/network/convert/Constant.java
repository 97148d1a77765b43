package io.github.pixelwise.network.convert;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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

  /** The values as they are stored, the least significant byte first. */
  byte[] bytes(Precision precision) {
    float[] computed = values.get();
    if (computed.length != size()) {
      throw new IllegalStateException(
          "%s is %s, found %d values".formatted(name, shape, computed.length));
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
