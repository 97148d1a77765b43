package io.github.pixelwise.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.TensorInfo.OnnxTensorType;
import io.github.pixelwise.FloatTensor;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/** Copies an output from native memory to the heap, once, as floats. */
final class OutputCopy {
  private OutputCopy() {}

  static FloatTensor of(OnnxTensor output) {
    int[] shape = Arrays.stream(output.getInfo().getShape()).mapToInt(Math::toIntExact).toArray();
    return FloatTensor.of(values(output), shape);
  }

  private static float[] values(OnnxTensor output) {
    // The Java type does not tell whether 16 or 32 bits have a sign.
    OnnxTensorType type = output.getInfo().onnxType;
    return switch (output.getInfo().type) {
      case FLOAT, FLOAT16, BFLOAT16 -> floats(output.getFloatBuffer());
      case DOUBLE -> {
        DoubleBuffer values = output.getDoubleBuffer();
        yield floats(values.remaining(), values::get);
      }
      case INT64 -> {
        LongBuffer values = output.getLongBuffer();
        yield floats(values.remaining(), values::get);
      }
      case INT32 -> {
        IntBuffer values = output.getIntBuffer();
        yield type == OnnxTensorType.ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT32
            ? floats(values.remaining(), i -> Integer.toUnsignedLong(values.get(i)))
            : floats(values.remaining(), values::get);
      }
      case INT16 -> {
        ShortBuffer values = output.getShortBuffer();
        yield type == OnnxTensorType.ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT16
            ? floats(values.remaining(), i -> Short.toUnsignedInt(values.get(i)))
            : floats(values.remaining(), values::get);
      }
      case INT8 -> {
        ByteBuffer values = output.getByteBuffer();
        yield floats(values.remaining(), values::get);
      }
      case UINT8, BOOL -> {
        ByteBuffer values = output.getByteBuffer();
        yield floats(values.remaining(), i -> values.get(i) & 0xff);
      }
      case STRING, UNKNOWN ->
          throw new IllegalArgumentException("an output of numbers is needed, found " + output);
    };
  }

  /** Takes over the array of a heap buffer, which ONNX Runtime makes for floats of 32 bits. */
  private static float[] floats(FloatBuffer values) {
    if (values.hasArray() && values.array().length == values.remaining()) {
      return values.array();
    }
    float[] floats = new float[values.remaining()];
    values.get(floats);
    return floats;
  }

  private static float[] floats(int length, IntToDoubleFunction values) {
    float[] floats = new float[length];
    for (int i = 0; i < length; i++) {
      floats[i] = (float) values.applyAsDouble(i);
    }
    return floats;
  }
}
