package io.github.pixelwise.evaluation;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.ConfidenceMap;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * How far a model's confidence can be trusted: of the pixels with a confidence of 0.8, 80 % should
 * be right. Confidences are sorted into 15 bins of equal width, as in Guo et al., On Calibration of
 * Modern Neural Networks, ICML 2017; they come in steps of 1/255. Pixels that are void in the truth
 * are not counted. Immutable.
 */
public final class Calibration {
  /** The number of bins. */
  public static final int BINS = 15;

  private static final int LEVELS_PER_BIN = 255 / BINS;

  /** For each bin: its pixels, how many are right, and the sum of their levels, 0 to 255. */
  private final long[] counts;

  private Calibration(long[] counts) {
    this.counts = counts;
  }

  static Calibration of(
      CategoryMask truth, CategoryMask prediction, ConfidenceMap confidence, int ignoreIndex) {
    long[] counts = new long[BINS * 3];
    int width = truth.width();
    int[] truths = new int[width];
    int[] predictions = new int[width];
    byte[] levels = new byte[width];
    for (int y = 0; y < truth.height(); y++) {
      truth.copyRow(y, truths, 0);
      prediction.copyRow(y, predictions, 0);
      confidence.copyRow(y, levels, 0);
      for (int x = 0; x < width; x++) {
        if (truths[x] != ignoreIndex) {
          int level = levels[x] & 0xff;
          int bin = Math.max(0, (level - 1) / LEVELS_PER_BIN) * 3;
          counts[bin]++;
          counts[bin + 1] += truths[x] == predictions[x] ? 1 : 0;
          counts[bin + 2] += level;
        }
      }
    }
    return new Calibration(counts);
  }

  static Calibration ofLongs(long[] counts) {
    if (counts.length != BINS * 3) {
      throw new IllegalArgumentException(
          "a calibration has %d counts, found %d".formatted(BINS * 3, counts.length));
    }
    return new Calibration(counts);
  }

  static Calibration sum(List<Calibration> parts) {
    long[] counts = new long[BINS * 3];
    for (Calibration part : parts) {
      Arrays.setAll(counts, i -> counts[i] + part.counts[i]);
    }
    return new Calibration(counts);
  }

  long[] toLongs() {
    return counts;
  }

  /**
   * Returns how many pixels a bin has.
   *
   * @param bin the bin, 0 to 14, of confidences above {@code bin / 15} and up to {@code (bin + 1) /
   *     15}; the first one has the confidence 0, too
   * @return the number
   */
  public long pixels(int bin) {
    return counts[Objects.checkIndex(bin, BINS) * 3];
  }

  /**
   * Returns the mean confidence of a bin's pixels.
   *
   * @param bin the bin, 0 to 14
   * @return 0 to 1, or NaN if the bin is empty
   */
  public double confidence(int bin) {
    return counts[Objects.checkIndex(bin, BINS) * 3 + 2] / (255.0 * pixels(bin));
  }

  /**
   * Returns the share of a bin's pixels that are right.
   *
   * @param bin the bin, 0 to 14
   * @return 0 to 1, or NaN if the bin is empty
   */
  public double accuracy(int bin) {
    return (double) counts[Objects.checkIndex(bin, BINS) * 3 + 1] / pixels(bin);
  }

  /**
   * {@return the expected calibration error: the mean distance of confidence and accuracy over the
   * bins, each weighted with its pixels; 0 to 1, NaN if there is no pixel}
   */
  public double expectedError() {
    long total = 0;
    for (int bin = 0; bin < BINS; bin++) {
      total += pixels(bin);
    }
    if (total == 0) {
      return Double.NaN;
    }
    double[] terms = new double[BINS];
    for (int bin = 0; bin < BINS; bin++) {
      terms[bin] =
          pixels(bin) == 0
              ? 0
              : (double) pixels(bin) / total * Math.abs(accuracy(bin) - confidence(bin));
    }
    return Sums.sum(terms);
  }
}
