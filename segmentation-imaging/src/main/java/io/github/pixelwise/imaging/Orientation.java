package io.github.pixelwise.imaging;

import io.github.pixelwise.internal.util.Rows;

/**
 * How stored pixels must be turned to be upright; the constants are EXIF's values 1 to 8 in order.
 */
enum Orientation {
  UPRIGHT(false, false, false),
  MIRRORED(false, true, false),
  UPSIDE_DOWN(false, true, true),
  FLIPPED(false, false, true),
  TRANSPOSED(true, false, false),
  TURN_RIGHT(true, false, true),
  TRANSVERSED(true, true, true),
  TURN_LEFT(true, true, false);

  /** Rows turned at once, so that a column's neighbors are still in the cache. */
  private static final int TILE = 64;

  private final boolean swapsSides;
  private final boolean fromRight;
  private final boolean fromBottom;

  Orientation(boolean swapsSides, boolean fromRight, boolean fromBottom) {
    this.swapsSides = swapsSides;
    this.fromRight = fromRight;
    this.fromBottom = fromBottom;
  }

  /** The orientation of an EXIF value; upright if EXIF knows no such value. */
  static Orientation ofExif(long value) {
    return value >= 1 && value <= values().length ? values()[(int) value - 1] : UPRIGHT;
  }

  /** Whether turning swaps width and height. */
  boolean swapsSides() {
    return swapsSides;
  }

  /**
   * Turns a stored picture with one or three samples per pixel; returns the array itself if it is
   * upright.
   */
  byte[] turn(byte[] stored, int width, int height) {
    if (this == UPRIGHT) {
      return stored;
    }
    int samples = stored.length / (width * height);
    int first = (fromRight ? width - 1 : 0) + (fromBottom ? (height - 1) * width : 0);
    int alongRow = fromRight ? -1 : 1;
    int alongColumn = fromBottom ? -width : width;
    int stepX = swapsSides ? alongColumn : alongRow;
    int stepY = swapsSides ? alongRow : alongColumn;
    int columns = swapsSides ? height : width;
    int rows = swapsSides ? width : height;
    byte[] upright = new byte[stored.length];
    Rows.inParallel(
        rows,
        TILE,
        (from, to) -> {
          for (int top = from; top < to; top += TILE) {
            int bottom = Math.min(top + TILE, to);
            for (int x = 0; x < columns; x++) {
              int in = (first + x * stepX + top * stepY) * samples;
              int out = (top * columns + x) * samples;
              for (int y = top; y < bottom; y++, in += stepY * samples, out += columns * samples) {
                upright[out] = stored[in];
                if (samples == 3) {
                  upright[out + 1] = stored[in + 1];
                  upright[out + 2] = stored[in + 2];
                }
              }
            }
          }
        });
    return upright;
  }
}
