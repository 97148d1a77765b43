package io.github.pixelwise;

/**
 * An immutable 8-bit sRGB picture, compared by content.
 *
 * <p>Samples are interleaved R, G, B, each 0 to 255. {@code Images} in {@code pixelwise-imaging}
 * reads and writes files.
 */
public final class RgbImage extends ByteRaster {
  private RgbImage(int width, int height, byte[] rgb) {
    super(width, height, 3, rgb);
  }

  /**
   * Wraps an array of samples without a copy. The array belongs to the image from then on: the
   * caller must not write to it again.
   *
   * @param width the width in pixels
   * @param height the height in pixels
   * @param rgb {@code width * height * 3} samples, row by row, R G B
   * @return the image
   * @throws IllegalArgumentException if a side is below 1 or the array has the wrong length
   */
  public static RgbImage of(int width, int height, byte[] rgb) {
    return new RgbImage(width, height, rgb);
  }

  /**
   * Copies an array of samples.
   *
   * @param width the width in pixels
   * @param height the height in pixels
   * @param rgb {@code width * height * 3} samples, row by row, R G B
   * @return the image
   * @throws IllegalArgumentException if a side is below 1 or the array has the wrong length
   */
  public static RgbImage copyOf(int width, int height, byte[] rgb) {
    return new RgbImage(width, height, rgb.clone());
  }

  /**
   * Returns one pixel.
   *
   * @param x the column, from 0 at the left
   * @param y the row, from 0 at the top
   * @return the color as {@code 0xRRGGBB}
   * @throws IndexOutOfBoundsException if the pixel is outside the image
   */
  public int rgb(int x, int y) {
    int i = index(x, y);
    return sample(i) << 16 | sample(i + 1) << 8 | sample(i + 2);
  }

  /**
   * Crops this picture.
   *
   * @param x the leftmost column of the part
   * @param y its topmost row
   * @param width its width in pixels, from 1
   * @param height its height in pixels, from 1
   * @return a picture of that size
   * @throws IllegalArgumentException if the part is empty or does not lie within this picture
   */
  public RgbImage crop(int x, int y, int width, int height) {
    return new RgbImage(width, height, cropped(x, y, width, height));
  }
}
