package io.github.pixelwise.network.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Tensors as little-endian float32 bytes. */
final class FloatBytes {
  private FloatBytes() {}

  /**
   * @throws IllegalStateException if the number of the tensor's values does not match its shape
   */
  static byte[] of(String name, WeightTensor tensor) {
    float[] values = tensor.values();
    int elements = elements(tensor.shape());
    if (values.length != elements) {
      throw new IllegalStateException(
          "the tensor %s of shape %s must have %d values, found %d"
              .formatted(Text.quote(name), tensor.shape(), elements, values.length));
    }
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(elements, Float.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }

  /** Returns the number of elements of a shape. */
  static int elements(List<Integer> shape) {
    return shape.stream().reduce(1, Math::multiplyExact);
  }
}
