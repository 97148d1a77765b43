package io.github.pixelwise.network.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Tensors as the bytes of float32, the least significant first. */
final class FloatBytes {
  private FloatBytes() {}

  /**
   * @throws IllegalStateException if the tensor has more or fewer values than its shape says
   */
  static byte[] of(String name, WeightTensor tensor) {
    float[] values = tensor.values();
    int elements = elements(tensor.shape());
    if (values.length != elements) {
      throw new IllegalStateException(
          "the tensor %s of shape %s must give %d values, found %d"
              .formatted(Text.quote(name), tensor.shape(), elements, values.length));
    }
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(elements, Float.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }

  /** How many elements a tensor of a shape has. */
  static int elements(List<Integer> shape) {
    return shape.stream().reduce(1, Math::multiplyExact);
  }
}
