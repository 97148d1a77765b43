package io.github.pixelwise;

/** Checked arithmetic for sizes that come from outside. */
final class Sizes {
  private Sizes() {}

  /** The length of an array of width x height pixels, or an error if no array can be so long. */
  static int samples(int width, int height, int samplesPerPixel) {
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException(
          "width and height must be at least 1, found " + width + " x " + height);
    }
    try {
      return Math.multiplyExact(Math.multiplyExact(width, height), samplesPerPixel);
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(
          "%d x %d pixels of %d samples do not fit an array"
              .formatted(width, height, samplesPerPixel),
          e);
    }
  }
}
