package io.github.pixelwise;

/**
 * The probability of each pixel's class, in steps of 1/255. Immutable, compared by content.
 *
 * @see SegmentationOptions#confidence()
 */
public final class ConfidenceMap extends ByteRaster {
  private ConfidenceMap(int width, int height, byte[] confidence) {
    super(width, height, 1, confidence);
  }

  /**
   * Wraps an array of probabilities without a copy. The array belongs to the map from then on: the
   * caller must not write to it again.
   *
   * @param width the width in pixels
   * @param height the height in pixels
   * @param confidence {@code width * height} probabilities times 255, row by row
   * @return the map
   * @throws IllegalArgumentException if a side is below 1 or the array has the wrong length
   */
  public static ConfidenceMap of(int width, int height, byte[] confidence) {
    return new ConfidenceMap(width, height, confidence);
  }

  /**
   * Returns the probability of one pixel's class.
   *
   * @param x the column, from 0 at the left
   * @param y the row, from 0 at the top
   * @return 0 to 1, accurate to 1/510
   * @throws IndexOutOfBoundsException if the pixel is outside the image
   */
  public float confidence(int x, int y) {
    return sample(index(x, y)) / 255f;
  }
}
