package io.github.pixelwise.internal.pipeline;

import io.github.pixelwise.Parallelism;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.internal.util.Sizes;
import io.github.pixelwise.model.ImageGeometry;
import io.github.pixelwise.model.Interpolation;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Resizes images with exactly the same result as Pillow's {@code Image.resize}.
 *
 * <p>Pillow (libImaging/Resample.c) filters rows first, rounds to 8 bits, then filters columns,
 * with 22-bit fixed-point weights; this class does the same.
 *
 * <p>There are many short loops over int arrays of one channel each, because these are the loops
 * that the JVM vectorizes: it does not vectorize loops over three channels at once, or over bytes.
 */
public final class Resampler {
  private static final int PRECISION = 22;
  private static final int ONE = 1 << PRECISION;
  private static final int HALF = ONE >> 1;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private Resampler() {}

  /** Takes the rows of a resized image. */
  @FunctionalInterface
  public interface Sink {
    /**
     * Takes one row. Called by several threads, in any order.
     *
     * @param y the row of the network's input
     * @param rgb the samples, 0 to 255, one array each for red, green and blue; valid only during
     *     this call
     */
    void take(int y, int[][] rgb);
  }

  /** Resizes an image; the image itself if it has that size. */
  public static RgbImage resize(
      RgbImage source, int width, int height, Interpolation interpolation) {
    if (source.width() == width && source.height() == height) {
      return source;
    }
    byte[] target = new byte[Sizes.samples(width, height, 3)];
    resize(
        source,
        ImageGeometry.stretched(source.width(), source.height(), width, height),
        interpolation,
        Parallelism.common(),
        (y, rgb) -> {
          for (int channel = 0; channel < 3; channel++) {
            int[] samples = rgb[channel];
            for (int x = 0, out = y * width * 3 + channel; x < width; x++, out += 3) {
              target[out] = (byte) samples[x];
            }
          }
        });
    return RgbImage.of(width, height, target);
  }

  /**
   * Resizes an image to a geometry's content. The sink receives only the part inside the input;
   * nothing else is computed.
   */
  public static void resize(
      RgbImage source,
      ImageGeometry geometry,
      Interpolation interpolation,
      Parallelism parallelism,
      Sink sink) {
    int left = Math.max(0, -geometry.contentLeft());
    int right = Math.min(geometry.contentWidth(), geometry.inputWidth() - geometry.contentLeft());
    int top = Math.max(0, -geometry.contentTop());
    int bottom = Math.min(geometry.contentHeight(), geometry.inputHeight() - geometry.contentTop());
    if (left >= right || top >= bottom) {
      return;
    }
    Taps columns = Taps.of(interpolation, source.width(), geometry.contentWidth(), left, right);
    Taps rows = Taps.of(interpolation, source.height(), geometry.contentHeight(), top, bottom);
    parallelism.forRows(
        bottom - top,
        32,
        (from, to) -> {
          // Room for taps beyond the last pixel, whose weight is 0.
          byte[] row = new byte[(source.width() + columns.weights.length) * 3];
          int[] pixels = new int[right - left];
          int[] following = new int[right - left];
          // The last filtered rows: they stay in the cache, and no picture of target width and
          // source height ever exists.
          int[][][] filtered = new int[rows.size][3][right - left];
          int[][] rgb = new int[3][right - left];
          int next = 0;
          for (int y = from; y < to; y++) {
            int first = rows.first[y];
            int end = Math.min(first + rows.size, source.height());
            for (next = Math.max(next, first); next < end; next++) {
              source.copyRow(next, row, 0);
              filterRow(row, columns, pixels, following, filtered[next % filtered.length]);
            }
            filterColumns(filtered, rows, y, rgb);
            sink.take(geometry.contentTop() + top + y, rgb);
          }
        });
  }

  /**
   * The weights of one axis: target pixel i is the sum of source pixels {@code first[i] + t} times
   * {@code weights[t][i]}, for t below {@code size}. Pixels of a row are read in pairs, so an odd
   * number of taps is followed by one more of weight 0.
   */
  private static final class Taps {
    final int size;
    final int[] first;
    final int[][] weights;

    Taps(int size, int[] first) {
      this.size = size;
      this.first = first;
      this.weights = new int[size + size % 2][first.length];
    }

    /** Those of target pixels {@code from} (inclusive) to {@code to} (exclusive). */
    static Taps of(Interpolation interpolation, int source, int target, int from, int to) {
      return interpolation == Interpolation.NEAREST || source == target
          ? nearest(source, target, from, to)
          : filter(interpolation, source, target, from, to);
    }

    /**
     * Pillow (libImaging/Geometry.c) adds up the step instead of multiplying, which rounds at each
     * step.
     */
    private static Taps nearest(int source, int target, int from, int to) {
      int[] first = new int[to - from];
      double step = (double) source / target;
      double position = step * 0.5;
      for (int i = 0; i < to; i++, position += step) {
        if (i >= from) {
          first[i - from] = Math.min((int) position, source - 1);
        }
      }
      Taps taps = new Taps(1, first);
      Arrays.fill(taps.weights[0], ONE);
      return taps;
    }

    private static Taps filter(
        Interpolation interpolation, int source, int target, int from, int to) {
      double scale = (double) source / target;
      boolean antialiased = interpolation != Interpolation.OPENCV_LINEAR;
      double inverse = 1 / (antialiased ? Math.max(1, scale) : 1);
      double support = (interpolation == Interpolation.BICUBIC ? 2 : 1) / inverse;
      int[] first = new int[to - from];
      int[] end = new int[to - from];
      int size = 0;
      for (int i = 0; i < first.length; i++) {
        double center = (from + i + 0.5) * scale;
        first[i] = Math.max(0, (int) (center - support + 0.5));
        end[i] = Math.min(source, (int) (center + support + 0.5));
        size = Math.max(size, end[i] - first[i]);
      }
      Taps taps = new Taps(size, first);
      double[] exact = new double[size];
      for (int i = 0; i < first.length; i++) {
        double center = (from + i + 0.5) * scale;
        int count = end[i] - first[i];
        double sum = 0;
        for (int t = 0; t < count; t++) {
          double distance = Math.abs((t + first[i] - center + 0.5) * inverse);
          exact[t] = interpolation == Interpolation.BICUBIC ? cubic(distance) : triangle(distance);
          sum += exact[t];
        }
        for (int t = 0; t < count; t++) {
          double weight = exact[t] / sum * ONE;
          taps.weights[t][i] = (int) (weight + Math.copySign(0.5, weight));
        }
      }
      return taps;
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

  private static void filterRow(
      byte[] row, Taps columns, int[] pixels, int[] following, int[][] rgb) {
    for (int[] sums : rgb) {
      Arrays.fill(sums, HALF);
    }
    int[][] weights = columns.weights;
    for (int t = 0; t < weights.length; t += 2) {
      gather(row, columns.first, t, pixels, following);
      for (int channel = 0; channel < 3; channel++) {
        add(pixels, following, channel * 8, weights[t], weights[t + 1], rgb[channel]);
      }
    }
    for (int[] sums : rgb) {
      round(sums);
    }
  }

  /** Gathers the source pixels of two taps for every target pixel; red lies in the lowest byte. */
  private static void gather(byte[] row, int[] first, int tap, int[] pixels, int[] following) {
    for (int x = 0; x < pixels.length; x++) {
      long both = (long) LONG.get(row, (first[x] + tap) * 3);
      pixels[x] = (int) both;
      following[x] = (int) (both >>> 24);
    }
  }

  private static void add(
      int[] pixels, int[] following, int shift, int[] weights, int[] nextWeights, int[] sums) {
    for (int x = 0; x < sums.length; x++) {
      sums[x] +=
          (pixels[x] >>> shift & 0xff) * weights[x]
              + (following[x] >>> shift & 0xff) * nextWeights[x];
    }
  }

  private static void filterColumns(int[][][] filtered, Taps rows, int y, int[][] rgb) {
    for (int channel = 0; channel < 3; channel++) {
      int[] sums = rgb[channel];
      Arrays.fill(sums, HALF);
      for (int t = 0; t < rows.size; t++) {
        add(filtered[(rows.first[y] + t) % filtered.length][channel], rows.weights[t][y], sums);
      }
      round(sums);
    }
  }

  private static void add(int[] samples, int weight, int[] sums) {
    for (int x = 0; x < sums.length; x++) {
      sums[x] += samples[x] * weight;
    }
  }

  /** Turns sums into samples of 0 to 255, without Math.min and max, which are not vectorized. */
  private static void round(int[] sums) {
    for (int x = 0; x < sums.length; x++) {
      int sample = sums[x] >> PRECISION;
      sums[x] = ((sample & ~(sample >> 31)) | ((255 - sample) >> 31)) & 0xff;
    }
  }
}
