package io.github.pixelwise.evaluation;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.ConfidenceMap;

/**
 * How sure a model is, and how often it is right: whether of the pixels with a confidence of 0.8,
 * 80 % are right. Confidences are sorted into 15 bins of equal width, as in Guo et al., On
 * Calibration of Modern Neural Networks, 2017.
 */
public final class Calibration {
  private Calibration() {}

  static Calibration of(
      CategoryMask truth, CategoryMask prediction, ConfidenceMap confidence, int ignoreIndex) {
    return new Calibration();
  }

  static Calibration ofLongs(long[] counts) {
    return new Calibration();
  }

  long[] toLongs() {
    return new long[0];
  }

  /** The number of bins. */
  public static final int BINS = 15;

  /**
   * Returns how many pixels a bin has.
   *
   * @param bin the bin, 0 to 14, of confidences above {@code bin / 15} up to {@code (bin + 1) / 15}
   * @return the number
   */
  public long pixels(int bin) {
    return 0;
  }

  /**
   * Returns the mean confidence of a bin's pixels.
   *
   * @param bin the bin
   * @return 0 to 1, or NaN if the bin is empty
   */
  public double confidence(int bin) {
    return Double.NaN;
  }

  /**
   * Returns the share of a bin's pixels that are right.
   *
   * @param bin the bin
   * @return 0 to 1, or NaN if the bin is empty
   */
  public double accuracy(int bin) {
    return Double.NaN;
  }

  /** {@return the expected calibration error, 0 to 1; NaN if there is no pixel} */
  public double expectedError() {
    return Double.NaN;
  }
}
