package io.github.pixelwise.internal.resample;

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
          // No picture of target width and source height ever exists.
          int[][][] filtered = {
            rows.ring(right - left), rows.ring(right - left), rows.ring(right - left)
          };
          int[][] rgb = new int[3][right - left];
          int next = 0;
          for (int y = from; y < to; y++) {
            int first = rows.first[y];
            int end = Math.min(first + rows.size, source.height());
            for (next = Math.max(next, first); next < end; next++) {
              source.copyRow(next, row, 0);
              int slot = next % rows.size;
              filterRow(
                  row,
                  columns,
                  pixels,
                  following,
                  new int[][] {filtered[0][slot], filtered[1][slot], filtered[2][slot]});
            }
            for (int channel = 0; channel < 3; channel++) {
              rows.combine(filtered[channel], y, rgb[channel]);
            }
            sink.take(geometry.contentTop() + top + y, rgb);
          }
        });
  }

  private static void filterRow(
      byte[] row, Taps columns, int[] pixels, int[] following, int[][] rgb) {
    for (int[] sums : rgb) {
      Arrays.fill(sums, Taps.half());
    }
    int[][] weights = columns.weights;
    for (int t = 0; t < weights.length; t += 2) {
      gather(row, columns.first, t, pixels, following);
      for (int channel = 0; channel < 3; channel++) {
        add(pixels, following, channel * 8, weights[t], weights[t + 1], rgb[channel]);
      }
    }
    for (int[] sums : rgb) {
      Taps.round(sums);
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
}
