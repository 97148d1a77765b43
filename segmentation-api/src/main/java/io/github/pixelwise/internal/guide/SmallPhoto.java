package io.github.pixelwise.internal.guide;

import io.github.pixelwise.Parallelism;
import io.github.pixelwise.RgbImage;

/**
 * A small copy of a photograph, each of whose pixels is the mean of a square. Planes have a margin
 * of two pixels on all sides, so that neighbors need no checks.
 */
public final class SmallPhoto {
  private static final int PAD = 2;

  private final int scale;
  private final int width;
  private final int height;
  private final float[] red;
  private final float[] green;
  private final float[] blue;

  private SmallPhoto(int scale, int width, int height) {
    this.scale = scale;
    this.width = width;
    this.height = height;
    red = new float[size()];
    green = new float[size()];
    blue = new float[size()];
  }

  /**
   * Makes a copy.
   *
   * @param scale the side of a square, from 1; those at the right and lower border may be cut off
   */
  public static SmallPhoto of(RgbImage image, int scale, Parallelism parallelism) {
    SmallPhoto small =
        new SmallPhoto(
            scale, (image.width() + scale - 1) / scale, (image.height() + scale - 1) / scale);
    parallelism.forRows(
        small.height,
        8,
        (from, to) -> {
          for (int y = from; y < to; y++) {
            small.reduce(image, y);
          }
        });
    return small;
  }

  /** Averages the pixels of a row of squares. */
  private void reduce(RgbImage image, int y) {
    byte[] colors = new byte[image.width() * 3];
    int[] sums = new int[width * 3];
    int bottom = Math.min((y + 1) * scale, image.height());
    for (int row = y * scale; row < bottom; row++) {
      image.copyRow(row, colors, 0);
      for (int x = 0; x < image.width(); x++) {
        int sum = x / scale * 3;
        sums[sum] += colors[x * 3] & 0xff;
        sums[sum + 1] += colors[x * 3 + 1] & 0xff;
        sums[sum + 2] += colors[x * 3 + 2] & 0xff;
      }
    }
    for (int x = 0, i = index(0, y); x < width; x++, i++) {
      int columns = Math.min((x + 1) * scale, image.width()) - x * scale;
      float share = 1 / (255f * columns * (bottom - y * scale));
      red[i] = sums[x * 3] * share;
      green[i] = sums[x * 3 + 1] * share;
      blue[i] = sums[x * 3 + 2] * share;
    }
  }

  /** {@return how many pixels of the photograph a pixel is wide} */
  public int scale() {
    return scale;
  }

  /** {@return the width} */
  public int width() {
    return width;
  }

  /** {@return the height} */
  public int height() {
    return height;
  }

  /** {@return the length of a plane} */
  public int size() {
    return Math.multiplyExact(stride(), height + 2 * PAD);
  }

  /** {@return how far a pixel is from the one below it} */
  public int stride() {
    return width + 2 * PAD;
  }

  /** {@return where a pixel is in a plane} */
  public int index(int x, int y) {
    return (y + PAD) * stride() + x + PAD;
  }

  /** {@return whether an index is not that of the margin} */
  public boolean isInside(int index) {
    int x = index % stride() - PAD;
    int y = index / stride() - PAD;
    return x >= 0 && x < width && y >= 0 && y < height;
  }

  /** {@return how red a pixel is, 0 to 1} */
  public float red(int index) {
    return red[index];
  }

  /** {@return how green a pixel is, 0 to 1} */
  public float green(int index) {
    return green[index];
  }

  /** {@return how blue a pixel is, 0 to 1} */
  public float blue(int index) {
    return blue[index];
  }
}
