package io.github.pixelwise;

/**
 * How much of each pixel belongs to the foreground: 0 none, 255 all. Immutable, compared by
 * content.
 */
public final class AlphaMask extends ByteRaster {
  private AlphaMask(int width, int height, byte[] alpha) {
    super(width, height, 1, alpha);
  }

  /**
   * Wraps an array of alpha values without a copy. The array belongs to the mask from then on: the
   * caller must not write to it again.
   *
   * @param width the width in pixels
   * @param height the height in pixels
   * @param alpha {@code width * height} values, row by row
   * @return the mask
   * @throws IllegalArgumentException if a side is below 1 or the array has the wrong length
   */
  public static AlphaMask of(int width, int height, byte[] alpha) {
    return new AlphaMask(width, height, alpha);
  }

  /**
   * Copies an array of alpha values.
   *
   * @param width the width in pixels
   * @param height the height in pixels
   * @param alpha {@code width * height} values, row by row
   * @return the mask
   * @throws IllegalArgumentException if a side is below 1 or the array has the wrong length
   */
  public static AlphaMask copyOf(int width, int height, byte[] alpha) {
    return new AlphaMask(width, height, alpha.clone());
  }

  /**
   * Returns one pixel's alpha.
   *
   * @param x the column, from 0 at the left
   * @param y the row, from 0 at the top
   * @return 0 to 255
   * @throws IndexOutOfBoundsException if the pixel is outside the image
   */
  public int alpha(int x, int y) {
    return sample(index(x, y));
  }

  /**
   * Returns the lower of the two alphas at each pixel: what belongs to both masks, for example to a
   * foreground mask and to the opaque part of a transparent picture.
   *
   * @param other a mask of the same size
   * @return a mask of that size
   * @throws IllegalArgumentException if the sizes differ
   */
  public AlphaMask min(AlphaMask other) {
    if (width() != other.width() || height() != other.height()) {
      throw new IllegalArgumentException(
          "the masks must have the same size, found %d x %d and %d x %d"
              .formatted(width(), height(), other.width(), other.height()));
    }
    byte[] lower = toByteArray();
    for (int i = 0; i < lower.length; i++) {
      lower[i] = (byte) Math.min(lower[i] & 0xff, other.sample(i));
    }
    return new AlphaMask(width(), height(), lower);
  }
}
