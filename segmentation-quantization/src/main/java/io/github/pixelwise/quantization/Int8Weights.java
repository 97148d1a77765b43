package io.github.pixelwise.quantization;

import java.util.List;

/** Weights as signed bytes from -127 to 127, with a scale for each output channel. */
final class Int8Weights {
  private static final int MOST = 127;

  /**
   * What the sum of two neighbors may be before it is rounded. Processors without VNNI multiply
   * unsigned by signed bytes and add two products in 16 bits, which hold 255 * 128 and no more
   * (PMADDUBSW).
   */
  private static final double MOST_PAIR = 127.5;

  /**
   * The most steps that the sum of a channel may begin with: half of what 32 bits hold, so that the
   * products have room.
   */
  private static final double MOST_BIAS = 1 << 30;

  private final byte[] bytes;
  private final float[] scales;

  private Int8Weights(byte[] bytes, float[] scales) {
    this.bytes = bytes;
    this.scales = scales;
  }

  /**
   * Where the weights of a channel are.
   *
   * @param channels the number of output channels
   * @param length how many weights a channel has
   * @param axis the axis of the output channels: 0 or 1
   * @param inputs how many of a channel's weights are at the same place of the kernel
   */
  record Layout(int channels, int length, int axis, int inputs) {
    static Layout of(List<Long> shape, int axis) {
      int channels = Math.toIntExact(shape.get(axis));
      int size = Math.toIntExact(shape.stream().reduce(1L, Math::multiplyExact));
      int length = channels == 0 ? 0 : size / channels;
      return new Layout(channels, length, axis, Math.toIntExact(shape.get(1 - axis)));
    }

    /** The index of a weight, in the order of sums: kernels of convolutions channels last. */
    int index(int channel, int i) {
      int places = length / inputs;
      int input = i % inputs;
      int place = i / inputs;
      return axis == 0
          ? (channel * inputs + input) * places + place
          : (input * channels + channel) * places + place;
    }

    /**
     * The input channel that a weight of a convolution is multiplied with.
     *
     * @param all how many channels the input has
     */
    private int input(int channel, int i, int all) {
      int groups = all / inputs;
      return channel / (channels / groups) * inputs + i % inputs;
    }

    /** Multiplies a convolution's weights by a factor for each input channel. */
    void multiply(float[] values, float[] factors) {
      for (int c = 0; c < channels; c++) {
        for (int i = 0; i < length; i++) {
          values[index(c, i)] *= factors[input(c, i, factors.length)];
        }
      }
    }

    /** Divides a convolution's weights, and what it adds, by a factor for each output channel. */
    void divide(float[] values, float[] bias, float[] factors) {
      for (int c = 0; c < channels; c++) {
        bias[c] /= factors[c];
        for (int i = 0; i < length; i++) {
          values[index(c, i)] /= factors[c];
        }
      }
    }
  }

  /**
   * Rounds weights. In each channel, steps are as small as the greatest weight allows, and where
   * sums are made in pairs, the greatest pair.
   *
   * @param values the weights, row-major
   * @param isSummedInPairs whether neighbors' products may be added in 16 bits
   * @param leastScales what the scales must not be below
   */
  static Int8Weights of(
      float[] values, Layout layout, boolean isSummedInPairs, float[] leastScales) {
    float[] scales = new float[layout.channels];
    byte[] bytes = new byte[values.length];
    for (int c = 0; c < layout.channels; c++) {
      float greatest = 0;
      float greatestPair = 0;
      for (int i = 0; i < layout.length; i++) {
        float value = values[layout.index(c, i)];
        greatest = Math.max(greatest, Math.abs(value));
        if (isSummedInPairs && i % 2 == 1) {
          float pair = value + values[layout.index(c, i - 1)];
          greatestPair = Math.max(greatestPair, Math.abs(pair));
        }
      }
      double scale = Math.max((double) greatest / MOST, greatestPair / MOST_PAIR);
      scales[c] = Math.max(scale < Float.MIN_NORMAL ? 1 : (float) scale, leastScales[c]);
      for (int i = 0; i < layout.length; i++) {
        int index = layout.index(c, i);
        bytes[index] = (byte) Math.rint(values[index] / scales[c]);
      }
    }
    return new Int8Weights(bytes, scales);
  }

  /**
   * The least scales with which the numbers that are added to the channels fit into 32 bits.
   *
   * @param inputScale the value of a step of the tensor that the weights are multiplied with
   */
  static float[] leastScales(float[] bias, float inputScale) {
    float[] least = new float[bias.length];
    for (int c = 0; c < bias.length; c++) {
      least[c] = (float) (Math.abs(bias[c]) / MOST_BIAS / inputScale);
    }
    return least;
  }

  byte[] bytes() {
    return bytes;
  }

  float[] scales() {
    return scales;
  }

  /**
   * The values of the steps of the channels' sums.
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

  /**
   * How much a convolution's sums are lower on average than with the original weights.
   *
   * @param values the original weights
   * @param means the mean of each input channel
   */
  double[] shifts(float[] values, Layout layout, float[] means) {
    double[] shifts = new double[scales.length];
    for (int c = 0; c < shifts.length; c++) {
      for (int i = 0; i < layout.length; i++) {
        int index = layout.index(c, i);
        double lost = (double) values[index] - (double) scales[c] * bytes[index];
        shifts[c] += lost * means[layout.input(c, i, means.length)];
      }
    }
    return shifts;
  }

  /** Rounds what is added to each channel to steps of the sums. */
  static int[] round(float[] bias, float[] sumScales) {
    int[] rounded = new int[bias.length];
    for (int c = 0; c < rounded.length; c++) {
      rounded[c] = (int) Math.rint((double) bias[c] / sumScales[c]);
    }
    return rounded;
  }
}
