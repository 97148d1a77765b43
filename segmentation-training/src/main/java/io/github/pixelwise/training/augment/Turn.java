package io.github.pixelwise.training.augment;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;

/**
 * Turns a picture about its center, with exactly the same result as Pillow's {@code Image.rotate}.
 *
 * <p>A pixel (x, y) of the result shows the source at {@code (a x + b y + c, d x + e y + f)}; pixel
 * centers lie at half coordinates.
 */
final class Turn {
  /** Marks pixels that show nothing of the source. */
  static final int OUTSIDE = -1;

  private final int width;
  private final int height;
  private final double a;
  private final double b;
  private final double c;
  private final double d;
  private final double e;
  private final double f;

  /** A turn counterclockwise. */
  Turn(double degrees, int width, int height) {
    this.width = width;
    this.height = height;
    double positive = degrees % 360 < 0 ? degrees % 360 + 360 : degrees % 360;
    double angle = -Math.toRadians(positive);
    a = rounded(Math.cos(angle));
    b = rounded(Math.sin(angle));
    d = rounded(-Math.sin(angle));
    e = a;
    double x = width / 2.0;
    double y = height / 2.0;
    c = a * -x + b * -y + x;
    f = d * -x + e * -y + y;
  }

  /** Pillow rounds to 15 digits, so that right angles are exact. */
  private static double rounded(double value) {
    return new BigDecimal(value).setScale(15, RoundingMode.HALF_EVEN).doubleValue();
  }

  boolean isNone() {
    return a == 1 && b == 0;
  }

  /**
   * The source pixel that each pixel of a part shows, as {@code y * width + x}, or {@link
   * #OUTSIDE}. Pillow computes in fixed point of 16 bits.
   */
  int[] nearest(Window part) {
    int[] pixels = new int[part.samples(1)];
    Arrays.fill(pixels, OUTSIDE);
    long stepX = fixed(a);
    long stepY = fixed(d);
    Window seen = part.within(width, height);
    for (int y = seen.top(); y < seen.bottom(); y++) {
      int i = part.index(seen.left(), y);
      long sourceX = fixed(c + a * 0.5 + b * 0.5) + y * fixed(b) + seen.left() * stepX;
      long sourceY = fixed(f + d * 0.5 + e * 0.5) + y * fixed(e) + seen.left() * stepY;
      for (int x = seen.left(); x < seen.right(); x++, i++) {
        long x0 = sourceX >> 16;
        long y0 = sourceY >> 16;
        if (x0 >= 0 && x0 < width && y0 >= 0 && y0 < height) {
          pixels[i] = (int) (y0 * width + x0);
        }
        sourceX += stepX;
        sourceY += stepY;
      }
    }
    return pixels;
  }

  private static long fixed(double value) {
    return (long) Math.floor(value * 65536 + 0.5);
  }

  /** The part of the source that a part of the result shows; may be empty. */
  Window source(Window part) {
    double[] xs = {part.left() + 0.5, part.left() + part.width() - 0.5};
    double[] ys = {part.top() + 0.5, part.top() + part.height() - 0.5};
    double minX = Double.MAX_VALUE;
    double minY = Double.MAX_VALUE;
    double maxX = -Double.MAX_VALUE;
    double maxY = -Double.MAX_VALUE;
    for (double x : xs) {
      for (double y : ys) {
        minX = Math.min(minX, a * x + b * y + c);
        maxX = Math.max(maxX, a * x + b * y + c);
        minY = Math.min(minY, d * x + e * y + f);
        maxY = Math.max(maxY, d * x + e * y + f);
      }
    }
    // One pixel more than interpolation needs on each side, for rounding.
    int left = (int) Math.floor(minX) - 2;
    int top = (int) Math.floor(minY) - 2;
    return new Window(
            left, top, (int) Math.floor(maxX) + 3 - left, (int) Math.floor(maxY) + 3 - top)
        .within(width, height);
  }

  /**
   * Fills a part of the result by bilinear interpolation; pixels outside the source do not change.
   *
   * @param pixels the samples of the window {@link #source}
   * @param source that window
   * @param part the part of the result
   * @param target its samples
   */
  void interpolate(byte[] pixels, Window source, Window part, byte[] target) {
    Window seen = part.within(width, height);
    for (int y = seen.top(); y < seen.bottom(); y++) {
      int out = part.index(seen.left(), y) * 3;
      for (int x = seen.left(); x < seen.right(); x++, out += 3) {
        double sourceX = a * (x + 0.5) + b * (y + 0.5) + c;
        double sourceY = d * (x + 0.5) + e * (y + 0.5) + f;
        if (!(sourceX >= 0 && sourceX < width && sourceY >= 0 && sourceY < height)) {
          continue;
        }
        sourceX -= 0.5;
        sourceY -= 0.5;
        int x0 = (int) Math.floor(sourceX);
        int y0 = (int) Math.floor(sourceY);
        double shareX = sourceX - x0;
        double shareY = sourceY - y0;
        int left = (Math.max(0, x0) - source.left()) * 3;
        int right = (Math.min(width - 1, x0 + 1) - source.left()) * 3;
        int top = (Math.max(0, y0) - source.top()) * source.width() * 3;
        int bottom = (Math.min(height - 1, y0 + 1) - source.top()) * source.width() * 3;
        for (int i = 0; i < 3; i++) {
          double upper = between(pixels[top + left + i], pixels[top + right + i], shareX);
          double lower = between(pixels[bottom + left + i], pixels[bottom + right + i], shareX);
          target[out + i] = (byte) (int) (upper + (lower - upper) * shareY);
        }
      }
    }
  }

  private static double between(byte first, byte second, double share) {
    int from = first & 0xff;
    return from + ((second & 0xff) - from) * share;
  }
}
