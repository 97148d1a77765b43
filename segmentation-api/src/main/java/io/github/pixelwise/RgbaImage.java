package io.github.pixelwise;

/**
 * An immutable 8-bit sRGB picture with straight (not premultiplied) alpha, compared by content.
 *
 * <p>Samples are interleaved R, G, B, A, each 0 to 255; alpha 0 is transparent, 255 opaque.
 */
public final class RgbaImage extends ByteRaster {
  private RgbaImage(int width, int height, byte[] rgba) {
    super(width, height, 4, rgba);
  }

  /**
   * Wraps an array of samples without a copy. The array belongs to the image from then on: the
   * caller must not write to it again.
   *
   * @param width the width in pixels
   * @param height the height in pixels
   * @param rgba {@code width * height * 4} samples, row by row, R G B A
   * @return the image
   * @throws IllegalArgumentException if a side is below 1 or the array has another length
   */
  public static RgbaImage of(int width, int height, byte[] rgba) {
    return new RgbaImage(width, height, rgba);
  }

  /**
   * Copies an array of samples.
   *
   * @param width the width in pixels
   * @param height the height in pixels
   * @param rgba {@code width * height * 4} samples, row by row, R G B A
   * @return the image
   * @throws IllegalArgumentException if a side is below 1 or the array has another length
   */
  public static RgbaImage copyOf(int width, int height, byte[] rgba) {
    return new RgbaImage(width, height, rgba.clone());
  }

  /**
   * Returns one pixel.
   *
   * @param x the column, from 0 at the left
   * @param y the row, from 0 at the top
   * @return the colour as {@code 0xAARRGGBB}
   * @throws IndexOutOfBoundsException if the pixel lies outside
   */
  public int argb(int x, int y) {
    int i = index(x, y);
    return sample(i + 3) << 24 | sample(i) << 16 | sample(i + 1) << 8 | sample(i + 2);
  }
}
