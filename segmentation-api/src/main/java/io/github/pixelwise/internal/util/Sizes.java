package io.github.pixelwise.internal.util;

/** Overflow checks for sizes that come from outside. */
public final class Sizes {
  /** The longest array that the JVM allows. */
  private static final int LONGEST_ARRAY = Integer.MAX_VALUE - 8;

  private Sizes() {}

  /** The length of an array for width x height pixels; throws if no array can be that long. */
  public static int samples(int width, int height, int samplesPerPixel) {
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException(
          "width and height must be at least 1, found " + width + " x " + height);
    }
    // Compares twice, because the product of three ints may overflow a long.
    long pixels = (long) width * height;
    if (pixels > LONGEST_ARRAY || pixels * samplesPerPixel > LONGEST_ARRAY) {
      throw new IllegalArgumentException(
          "%d x %d pixels of %d samples do not fit an array"
              .formatted(width, height, samplesPerPixel));
    }
    return (int) (pixels * samplesPerPixel);
  }
}
