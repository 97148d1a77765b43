package io.github.pixelwise.quantization;

import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.List;

/** Reads and makes the constants of ONNX files. */
final class OnnxTensors {
  private OnnxTensors() {}

  static boolean isFloat(TensorProto tensor) {
    return tensor.getDataType() == TensorProto.DataType.FLOAT.getNumber();
  }

  /** The values of a float32 constant. */
  static float[] floats(TensorProto tensor) {
    if (!tensor.hasRawData()) {
      float[] values = new float[tensor.getFloatDataCount()];
      for (int i = 0; i < values.length; i++) {
        values[i] = tensor.getFloatData(i);
      }
      return values;
    }
    FloatBuffer raw =
        tensor.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    float[] values = new float[raw.remaining()];
    raw.get(values);
    return values;
  }

  /** A constant number. */
  static TensorProto ofFloat(String name, float value) {
    return tensor(name, TensorProto.DataType.FLOAT, List.of(), raw(value));
  }

  /** A constant unsigned byte. */
  static TensorProto ofByte(String name, int value) {
    return tensor(
        name,
        TensorProto.DataType.UINT8,
        List.of(),
        ByteString.copyFrom(new byte[] {(byte) value}));
  }

  static TensorProto of(String name, float... values) {
    return tensor(name, TensorProto.DataType.FLOAT, List.of((long) values.length), raw(values));
  }

  static TensorProto of(String name, int... values) {
    ByteBuffer raw = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    IntBuffer ints = raw.asIntBuffer();
    ints.put(values);
    return tensor(
        name,
        TensorProto.DataType.INT32,
        List.of((long) values.length),
        ByteString.copyFrom(raw.array()));
  }

  static TensorProto of(String name, byte[] values, List<Long> shape) {
    return tensor(name, TensorProto.DataType.INT8, shape, ByteString.copyFrom(values));
  }

  private static ByteString raw(float... values) {
    ByteBuffer raw = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    raw.asFloatBuffer().put(values);
    return ByteString.copyFrom(raw.array());
  }

  private static TensorProto tensor(
      String name, TensorProto.DataType type, List<Long> shape, ByteString raw) {
    return TensorProto.newBuilder()
        .setName(name)
        .setDataType(type.getNumber())
        .addAllDims(shape)
        .setRawData(raw)
        .build();
  }
}
