package io.github.pixelwise.internal.util;

/** Checked arithmetic for sizes that come from outside. */
public final class Sizes {
  /** The JVM makes none longer. */
  private static final int LONGEST_ARRAY = Integer.MAX_VALUE - 8;

  private Sizes() {}

  /** The length of an array of width x height pixels, or an error if no array can be so long. */
  public static int samples(int width, int height, int samplesPerPixel) {
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException(
          "width and height must be at least 1, found " + width + " x " + height);
    }
    // Compared twice, because three ints may overflow a long.
    long pixels = (long) width * height;
    if (pixels > LONGEST_ARRAY || pixels * samplesPerPixel > LONGEST_ARRAY) {
      throw new IllegalArgumentException(
          "%d x %d pixels of %d samples do not fit an array"
              .formatted(width, height, samplesPerPixel));
    }
    return (int) (pixels * samplesPerPixel);
  }
}
