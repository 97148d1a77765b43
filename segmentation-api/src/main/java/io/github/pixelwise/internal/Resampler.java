package io.github.pixelwise.internal;

import io.github.pixelwise.Interpolation;
import io.github.pixelwise.RgbImage;
import java.util.Arrays;

/**
 * Resizes images with the very result of Pillow's {@code Image.resize}.
 *
 * <p>Pillow (libImaging/Resample.c) filters rows first, rounds to 8 bits, then filters columns,
 * with weights in fixed point of 22 bits; so does this.
 */
public final class Resampler {
  private static final int PRECISION = 22;
  private static final int HALF = 1 << (PRECISION - 1);

  private Resampler() {}

  /** Resizes an image; the image itself if it has that size. */
  public static RgbImage resize(
      RgbImage source, int width, int height, Interpolation interpolation) {
    if (source.width() == width && source.height() == height) {
      return source;
    }
    byte[] target = new byte[Math.multiplyExact(Math.multiplyExact(width, height), 3)];
    switch (interpolation) {
      case BILINEAR, BICUBIC, OPENCV_LINEAR ->
          filter(
              source,
              target,
              Taps.of(interpolation, source.width(), width),
              Taps.of(interpolation, source.height(), height));
      case NEAREST -> nearest(source, target, width, height);
    }
    return RgbImage.of(width, height, target);
  }

  /**
   * The weights of one axis: target pixel i is the sum of {@code size} source pixels from {@code
   * first[i]} on, times {@code weights[i * size]} and those that follow.
   */
  private static final class Taps {
    final int size;
    final int[] first;
    final int[] weights;

    Taps(int size, int[] first, int[] weights) {
      this.size = size;
      this.first = first;
      this.weights = weights;
    }

    static Taps of(Interpolation interpolation, int source, int target) {
      double scale = (double) source / target;
      boolean antialiased = interpolation != Interpolation.OPENCV_LINEAR;
      double inverse = 1 / (antialiased ? Math.max(1, scale) : 1);
      double support = (interpolation == Interpolation.BICUBIC ? 2 : 1) / inverse;
      int size = Math.min(source, (int) Math.ceil(support) * 2 + 1);
      int[] first = new int[target];
      int[] weights = new int[target * size];
      double[] exact = new double[size];
      for (int i = 0; i < target; i++) {
        double center = (i + 0.5) * scale;
        int from = Math.max(0, (int) (center - support + 0.5));
        int count = Math.min(source, (int) (center + support + 0.5)) - from;
        double sum = 0;
        for (int t = 0; t < count; t++) {
          double distance = Math.abs((t + from - center + 0.5) * inverse);
          exact[t] = interpolation == Interpolation.BICUBIC ? cubic(distance) : triangle(distance);
          sum += exact[t];
        }
        // Taps that would reach beyond the last pixel move left; their weights stay zero.
        first[i] = Math.min(from, source - size);
        for (int t = 0; t < count; t++) {
          double weight = exact[t] / sum * (1 << PRECISION);
          weights[i * size + from - first[i] + t] = (int) (weight + Math.copySign(0.5, weight));
        }
      }
      return new Taps(size, first, weights);
    }

    private static double triangle(double distance) {
      return Math.max(0, 1 - distance);
    }

    /**
     * Keys' cubic convolution with a = -0.5 (IEEE ASSP 29, 1981), in the order Pillow computes it.
     */
    private static double cubic(double distance) {
      double a = -0.5;
      if (distance < 1) {
        return ((a + 2) * distance - (a + 3)) * distance * distance + 1;
      }
      return distance < 2 ? (((distance - 5) * distance + 8) * distance - 4) * a : 0;
    }
  }

  // Each band filters the source rows it needs, so that they are still in the cache when its
  // columns
  // are filtered, and no picture of target width and source height ever exists.
  private static void filter(RgbImage source, byte[] target, Taps columns, Taps rows) {
    int width = columns.first.length;
    int height = rows.first.length;
    int stride = width * 3;
    Rows.inParallel(
        height,
        32,
        (from, to) -> {
          int firstRow = rows.first[from];
          int lastRow = rows.first[to - 1] + rows.size;
          byte[] row = new byte[source.width() * 3];
          byte[] filtered = new byte[Math.multiplyExact(lastRow - firstRow, stride)];
          for (int y = firstRow; y < lastRow; y++) {
            source.copyRow(y, row, 0);
            filterRow(row, columns, filtered, (y - firstRow) * stride, width);
          }
          int[] sums = new int[stride];
          for (int y = from; y < to; y++) {
            filterColumns(filtered, (rows.first[y] - firstRow) * stride, rows, y, sums);
            for (int i = 0; i < stride; i++) {
              target[y * stride + i] = clip(sums[i]);
            }
          }
        });
  }

  private static void filterRow(byte[] row, Taps taps, byte[] target, int offset, int width) {
    int[] weights = taps.weights;
    for (int x = 0, out = offset; x < width; x++, out += 3) {
      int r = HALF;
      int g = HALF;
      int b = HALF;
      int in = taps.first[x] * 3;
      for (int w = x * taps.size, end = w + taps.size; w < end; w++, in += 3) {
        int weight = weights[w];
        r += (row[in] & 0xff) * weight;
        g += (row[in + 1] & 0xff) * weight;
        b += (row[in + 2] & 0xff) * weight;
      }
      target[out] = clip(r);
      target[out + 1] = clip(g);
      target[out + 2] = clip(b);
    }
  }

  private static void filterColumns(byte[] rows, int offset, Taps taps, int y, int[] sums) {
    Arrays.fill(sums, HALF);
    for (int t = 0, in = offset; t < taps.size; t++, in += sums.length) {
      int weight = taps.weights[y * taps.size + t];
      if (weight != 0) {
        for (int i = 0; i < sums.length; i++) {
          sums[i] += (rows[in + i] & 0xff) * weight;
        }
      }
    }
  }

  private static byte clip(int sum) {
    return (byte) Math.max(0, Math.min(255, sum >> PRECISION));
  }

  private static void nearest(RgbImage source, byte[] target, int width, int height) {
    int[] columns = nearestIndices(source.width(), width);
    int[] rows = nearestIndices(source.height(), height);
    Rows.inParallel(
        height,
        32,
        (from, to) -> {
          byte[] row = new byte[source.width() * 3];
          for (int y = from, out = from * width * 3; y < to; y++) {
            source.copyRow(rows[y], row, 0);
            for (int x = 0; x < width; x++, out += 3) {
              System.arraycopy(row, columns[x] * 3, target, out, 3);
            }
          }
        });
  }

  /**
   * Pillow (libImaging/Geometry.c) adds the step up rather than multiplying, rounding as it goes.
   */
  private static int[] nearestIndices(int source, int target) {
    int[] indices = new int[target];
    double step = (double) source / target;
    double position = step * 0.5;
    for (int i = 0; i < target; i++, position += step) {
      indices[i] = Math.min((int) position, source - 1);
    }
    return indices;
  }
}
