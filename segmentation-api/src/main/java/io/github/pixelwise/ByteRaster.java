package io.github.pixelwise;

import io.github.pixelwise.internal.util.Sizes;
import java.util.Arrays;
import java.util.Objects;

/**
 * The base class of the immutable 8-bit pictures: pixels with a fixed number of interleaved
 * samples.
 */
abstract class ByteRaster {
  private final int width;
  private final int height;
  private final int samplesPerPixel;
  private final byte[] samples;

  ByteRaster(int width, int height, int samplesPerPixel, byte[] samples) {
    Objects.requireNonNull(samples, "samples");
    int expected = Sizes.samples(width, height, samplesPerPixel);
    if (samples.length != expected) {
      throw new IllegalArgumentException(
          "%d x %d pixels of %d bytes need an array of %d, found %d"
              .formatted(width, height, samplesPerPixel, expected, samples.length));
    }
    this.width = width;
    this.height = height;
    this.samplesPerPixel = samplesPerPixel;
    this.samples = samples;
  }

  /**
   * Returns the width.
   *
   * @return the width in pixels, at least 1
   */
  public final int width() {
    return width;
  }

  /**
   * Returns the height.
   *
   * @return the height in pixels, at least 1
   */
  public final int height() {
    return height;
  }

  /**
   * Copies one row, its samples interleaved.
   *
   * @param y the row, from 0 at the top
   * @param target where the row goes
   * @param offset the index in {@code target} of the first sample
   * @throws IndexOutOfBoundsException if the row does not exist or {@code target} is too short
   */
  public final void copyRow(int y, byte[] target, int offset) {
    Objects.checkIndex(y, height);
    int length = width * samplesPerPixel;
    System.arraycopy(samples, y * length, target, offset, length);
  }

  /**
   * Returns a copy of all samples, row by row.
   *
   * @return a new array
   */
  public final byte[] toByteArray() {
    return samples.clone();
  }

  /** The samples of a part of the picture, which must lie within it. */
  final byte[] cropped(int x, int y, int width, int height) {
    if (x < 0
        || y < 0
        || width < 1
        || height < 1
        || width > this.width - x
        || height > this.height - y) {
      throw new IllegalArgumentException(
          "a crop must have pixels and lie within the picture's %d x %d, found %d x %d at %d, %d"
              .formatted(this.width, this.height, width, height, x, y));
    }
    int length = width * samplesPerPixel;
    byte[] part = new byte[length * height];
    for (int row = 0; row < height; row++) {
      System.arraycopy(samples, index(x, y + row), part, row * length, length);
    }
    return part;
  }

  /** The index of a pixel's first sample. */
  final int index(int x, int y) {
    return (Objects.checkIndex(y, height) * width + Objects.checkIndex(x, width)) * samplesPerPixel;
  }

  final int sample(int index) {
    return samples[index] & 0xff;
  }

  @Override
  public final boolean equals(Object other) {
    return other instanceof ByteRaster that
        && getClass() == that.getClass()
        && width == that.width
        && height == that.height
        && Arrays.equals(samples, that.samples);
  }

  @Override
  public final int hashCode() {
    return 31 * (31 * width + height) + Arrays.hashCode(samples);
  }

  @Override
  public final String toString() {
    return getClass().getSimpleName() + "[" + width + " x " + height + "]";
  }
}
