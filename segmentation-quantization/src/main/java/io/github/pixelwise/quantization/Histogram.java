package io.github.pixelwise.quantization;

/**
 * How often values occur, in equal bins that are symmetric to zero. The number of bins and the rule
 * for percentiles are those of ONNX Runtime's calibration.
 */
final class Histogram {
  private static final int BINS = 2048;

  private final Range range;
  private final long[] counts = new long[BINS];

  /**
   * @param range the range of all values that will be added
   */
  Histogram(Range range) {
    this.range = range;
  }

  void add(float[] values) {
    double reach = range.reach();
    double binsPerUnit = BINS / (2 * reach);
    for (float value : values) {
      int bin = (int) ((value + reach) * binsPerUnit);
      counts[Math.min(bin, BINS - 1)]++; // the last bin has both its ends
    }
  }

  /**
   * The range without the rarest values.
   *
   * @param percentile how many percent of the values to keep, half of the others at each end is
   *     left out
   */
  Range central(double percentile) {
    if (range.reach() == 0) {
      return range;
    }
    double cut = (100 - percentile) / 200;
    float low = Math.max(range.min(), edge(cut));
    float high = Math.min(range.max(), edge(1 - cut));
    return new Range(low, high);
  }

  /** The lower end of the first bin up to which there is at least this share of the values. */
  private float edge(double share) {
    long total = 0;
    for (long count : counts) {
      total += count;
    }
    double sum = 0;
    int bin = 0;
    while (bin < BINS - 1) {
      sum += (double) counts[bin] / total;
      if (sum >= share) {
        break;
      }
      bin++;
    }
    double reach = range.reach();
    return (float) (-reach + bin * (2 * reach / BINS));
  }
}
