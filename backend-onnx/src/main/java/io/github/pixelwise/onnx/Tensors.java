package io.github.pixelwise.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.ValueInfo;
import io.github.pixelwise.model.FloatTensor;
import io.github.pixelwise.spi.ElementType;
import io.github.pixelwise.spi.TensorInfo;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Optional;

/** ONNX Runtime tensors: their element types, and copying them to the heap. */
final class Tensors {
  private static final String PREFIX = "ONNX_TENSOR_ELEMENT_DATA_TYPE_";

  private Tensors() {}

  /** What ONNX Runtime knows about an input or output. */
  static TensorInfo info(String name, ValueInfo value) {
    if (!(value instanceof ai.onnxruntime.TensorInfo tensor)) {
      return TensorInfo.ofOtherKind(name, value.toString());
    }
    Optional<ElementType> type = type(tensor);
    if (type.isEmpty()) {
      return TensorInfo.ofOtherKind(name, tensor.toString());
    }
    TensorInfo info = TensorInfo.of(name, type.get());
    // No sides: a scalar, or a network that does not declare them.
    return tensor.getShape().length == 0
        ? info
        : info.withSides(
            Arrays.stream(tensor.getShape())
                .mapToInt(
                    side -> side < 1 ? TensorInfo.ANY : (int) Math.min(side, Integer.MAX_VALUE))
                .toArray());
  }

  /** A tensor's element type; empty if it does not hold numbers but, for example, strings. */
  private static Optional<ElementType> type(ai.onnxruntime.TensorInfo tensor) {
    // ONNX Runtime's Java type does not tell signed from unsigned numbers of 16 to 64 bits.
    String name = tensor.onnxType.name().substring(PREFIX.length());
    return switch (name) {
      case "FLOAT" -> Optional.of(ElementType.FLOAT32);
      case "DOUBLE" -> Optional.of(ElementType.FLOAT64);
      default ->
          Arrays.stream(ElementType.values()).filter(type -> type.name().equals(name)).findFirst();
    };
  }

  /** Copies a tensor of numbers from native memory to the heap, once, as floats. */
  static FloatTensor copy(OnnxTensor tensor) {
    int[] shape = Arrays.stream(tensor.getInfo().getShape()).mapToInt(Math::toIntExact).toArray();
    return FloatTensor.of(values(tensor), shape);
  }

  private static float[] values(OnnxTensor tensor) {
    if (tensor.getInfo().type == OnnxJavaType.FLOAT) {
      FloatBuffer floats = tensor.getFloatBuffer();
      if (floats.hasArray() && floats.array().length == floats.remaining()) {
        return floats.array();
      }
    }
    ElementType type = type(tensor.getInfo()).orElseThrow();
    ByteBuffer bytes = tensor.getByteBuffer().order(ByteOrder.nativeOrder());
    float[] values = new float[bytes.remaining() / type.bytes()];
    type.decode(bytes, 0, type.bytes(), values, 0, values.length);
    return values;
  }
}
