package io.github.pixelwise.quantization;

/**
 * The range of a tensor's values.
 *
 * @param min the least value
 * @param max the greatest value
 */
record Range(float min, float max) {
  private static final int LEVELS = 255;

  /** The range of no values. */
  static final Range NONE = new Range(Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY);

  /** The range of these values too, up to {@code values[to - 1]}. */
  Range with(float[] values, int from, int to) {
    float low = min;
    float high = max;
    for (int i = from; i < to; i++) {
      low = Math.min(low, values[i]); // not a number if any is not
      high = Math.max(high, values[i]);
    }
    return new Range(low, high);
  }

  /** The range of what this range and another one have. */
  Range with(Range other) {
    return new Range(Math.min(min, other.min), Math.max(max, other.max));
  }

  /** The range of these values, with all below a floor raised to it. */
  Range raisedTo(float floor) {
    return new Range(Math.max(min, floor), Math.max(max, floor));
  }

  Range dividedBy(float factor) {
    return new Range(min / factor, max / factor);
  }

  /** The distance between the ends of this range and zero. */
  float width() {
    return Math.max(max, 0) - Math.min(min, 0);
  }

  boolean isFinite() {
    return Float.isFinite(min) && Float.isFinite(max);
  }

  /** The greatest distance from zero. */
  float reach() {
    return Math.max(Math.abs(min), Math.abs(max));
  }

  /**
   * The steps of unsigned bytes over this range and zero, which must be exact: it pads
   * convolutions.
   */
  Steps steps() {
    float low = Math.min(min, 0);
    float high = Math.max(max, 0);
    double scale = (double) (high - low) / LEVELS;
    return scale < Float.MIN_NORMAL
        ? new Steps(1, 0)
        : new Steps((float) scale, (int) Math.rint(-low / scale));
  }

  /**
   * What the bytes of a tensor stand for: {@code scale * (byte - zero)}.
   *
   * @param scale the distance between two bytes
   * @param zero the byte for zero, 0 to 255
   */
  record Steps(float scale, int zero) {}
}
