package io.github.pixelwise.network.tflite;

import java.io.IOException;
import java.util.List;

/**
 * How real numbers were stored as integers: {@code real = scale * (stored - zero point)}, for the
 * whole tensor or for each index of one axis.
 *
 * @param scales the scales; empty if the numbers are not quantized
 * @param zeroPoints as many zero points
 * @param axis the axis, if there are several
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record Quantization(float[] scales, float[] zeroPoints, int axis) {
  /** Numbers that are what they are. */
  static final Quantization NONE = new Quantization(new float[0], new float[0], 0);

  /**
   * Reads the table {@code QuantizationParameters}.
   *
   * @param table the table
   * @param shape the shape of the tensor
   * @throws IOException if it does not fit the shape
   */
  static Quantization of(FlatTable table, List<Integer> shape) throws IOException {
    if (table.length(2) == 0) {
      return NONE;
    }
    int axis = table.int32(6, 0);
    boolean perChannel = table.length(2) > 1;
    if (perChannel && (axis < 0 || axis >= shape.size())) {
      throw new IOException(
          "it is quantized along axis %d, but its shape is %s".formatted(axis, shape));
    }
    int count = perChannel ? shape.get(axis) : 1;
    float[] scales = table.float32s(2, count);
    long[] points = table.length(3) == 0 ? new long[scales.length] : table.int64s(3, count);
    if (scales.length != count || (points.length != count && points.length != 1)) {
      throw new IOException(
          "it has %d scales and %d zero points for %d channels"
              .formatted(scales.length, points.length, count));
    }
    float[] zeroPoints = new float[count];
    for (int i = 0; i < count; i++) {
      if (!(scales[i] > 0 && Float.isFinite(scales[i]))) {
        throw new IOException("its scale must be above 0, found " + scales[i]);
      }
      zeroPoints[i] = points[points.length == 1 ? 0 : i];
    }
    return new Quantization(scales, zeroPoints, axis);
  }

  boolean isPresent() {
    return scales.length > 0;
  }

  boolean isPerChannel() {
    return scales.length > 1;
  }

  /** Turns stored numbers into real ones, in place. */
  void dequantize(float[] values, List<Integer> shape) {
    if (!isPresent()) {
      return;
    }
    int run = 1;
    for (int i = axis + 1; i < shape.size(); i++) {
      run *= shape.get(i);
    }
    for (int i = 0; i < values.length; i++) {
      int channel = isPerChannel() ? i / run % scales.length : 0;
      values[i] = scales[channel] * (values[i] - zeroPoints[channel]);
    }
  }
}
