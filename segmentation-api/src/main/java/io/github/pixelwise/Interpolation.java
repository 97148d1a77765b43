package io.github.pixelwise;

/**
 * How an image is resampled, named as in Pillow {@code Image.resize}, whose result it equals to the
 * bit.
 */
public enum Interpolation {
  /** Triangle filter, widened when shrinking (antialiased). */
  BILINEAR,
  /** The nearest pixel. */
  NEAREST
}
