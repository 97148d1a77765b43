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
   * @throws IllegalArgumentException if a side is below 1 or the array has the wrong length
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
   * @throws IllegalArgumentException if a side is below 1 or the array has the wrong length
   */
  public static RgbaImage copyOf(int width, int height, byte[] rgba) {
    return new RgbaImage(width, height, rgba.clone());
  }

  /**
   * Returns one pixel.
   *
   * @param x the column, from 0 at the left
   * @param y the row, from 0 at the top
   * @return the color as {@code 0xAARRGGBB}
   * @throws IndexOutOfBoundsException if the pixel is outside the image
   */
  public int argb(int x, int y) {
    int i = index(x, y);
    return sample(i + 3) << 24 | sample(i) << 16 | sample(i + 1) << 8 | sample(i + 2);
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
  public RgbaImage crop(int x, int y, int width, int height) {
    return new RgbaImage(width, height, cropped(x, y, width, height));
  }

  /**
   * Crops this picture to the smallest box that contains all pixels with alpha above 0.
   *
   * @return the cropped picture; this one if it is fully transparent or there is nothing to crop
   */
  public RgbaImage trim() {
    int left = width();
    int right = -1;
    int top = height();
    int bottom = -1;
    for (int y = 0; y < height(); y++) {
      for (int x = 0, i = index(0, y) + 3; x < width(); x++, i += 4) {
        if (sample(i) > 0) {
          left = Math.min(left, x);
          right = Math.max(right, x);
          top = Math.min(top, y);
          bottom = y;
        }
      }
    }
    boolean whole = left == 0 && top == 0 && right == width() - 1 && bottom == height() - 1;
    return right < 0 || whole ? this : crop(left, top, right - left + 1, bottom - top + 1);
  }
}
