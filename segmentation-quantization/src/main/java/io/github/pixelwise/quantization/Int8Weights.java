package io.github.pixelwise.quantization;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Weights as signed bytes, with a scale for each output channel.
 *
 * @param bytes the weights, in the order of the original
 * @param scales the value of a step in each channel
 */
record Int8Weights(byte[] bytes, float[] scales) {
  /**
   * The most steps that the sum of a channel may begin with: half of what 32 bits hold, so that the
   * products have room.
   */
  private static final double MOST_BIAS = 1 << 30;

  /**
   * Rounds weights. The greatest weight of a channel gets the greatest byte.
   *
   * @param values the weights, row-major
   * @param shape their shape
   * @param axis the axis of the output channels
   * @param bits 8 for bytes from -127 to 127, 7 for -64 to 64
   */
  static Int8Weights of(float[] values, List<Long> shape, int axis, int bits) {
    return of(values, shape, axis, bits, 1, null);
  }

  /**
   * Rounds weights, and makes steps greater where the bias would not fit into 32 bits.
   *
   * @param inputScale the value of a step of the tensor that they are multiplied with
   * @param bias what is added to each channel; null for nothing
   */
  static Int8Weights of(
      float[] values,
      List<Long> shape,
      int axis,
      int bits,
      float inputScale,
      float @Nullable [] bias) {
    int channels = Math.toIntExact(shape.get(axis));
    int inner = size(shape.subList(axis + 1, shape.size()));
    int most = bits == 8 ? 127 : 64;
    float[] scales = new float[channels];
    for (int i = 0; i < values.length; i++) {
      int channel = i / inner % channels;
      scales[channel] = Math.max(scales[channel], Math.abs(values[i]));
    }
    for (int c = 0; c < channels; c++) {
      scales[c] = (float) (2.0 * scales[c] / (2 * most));
      if (scales[c] < Float.MIN_NORMAL) {
        scales[c] = 1;
      }
      if (bias != null) {
        scales[c] = Math.max(scales[c], (float) (Math.abs(bias[c]) / MOST_BIAS / inputScale));
      }
    }
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) Math.rint(values[i] / scales[i / inner % channels]);
    }
    return new Int8Weights(bytes, scales);
  }

  /**
   * The steps of a sum for each channel.
   *
   * @param inputScale the value of a step of the tensor that the weights are multiplied with
   */
  float[] sumScales(float inputScale) {
    float[] sums = new float[scales.length];
    for (int c = 0; c < sums.length; c++) {
      sums[c] = inputScale * scales[c];
    }
    return sums;
  }

  /** Rounds what is added to each channel to steps of the sums. */
  static int[] round(float[] bias, float[] sumScales) {
    int[] rounded = new int[bias.length];
    for (int c = 0; c < rounded.length; c++) {
      rounded[c] = (int) Math.rint((double) bias[c] / sumScales[c]);
    }
    return rounded;
  }

  private static int size(List<Long> shape) {
    return Math.toIntExact(shape.stream().reduce(1L, Math::multiplyExact));
  }
}
