package io.github.pixelwise.postprocess;

import io.github.pixelwise.AlphaMask;
import io.github.pixelwise.internal.Rows;

/**
 * Averages a picture's rows and columns with a symmetric kernel of integers that sum to 256,
 * exactly: only the result is rounded, half up.
 *
 * <p>A band of rows keeps the latest filtered rows, as many as the kernel is high, in a ring.
 * Filtered rows are of int, and a tap is added to a whole row at a time, because the compiler
 * vectorises such loops: in them, a kernel's 7 taps cost hardly more than one.
 */
final class Convolution {
  private final AlphaMask source;
  private final int width;
  private final int height;
  private final int[] kernel;
  private final int radius;

  /** Filtered row y is at {@code y % ring.length}. */
  private final int[][] ring;

  /** The first row that is not yet in the ring. */
  private int next;

  private final byte[] samples;
  private final int[] padded;
  private final int[] sums;

  private Convolution(AlphaMask source, int[] kernel, int from) {
    this.source = source;
    this.width = source.width();
    this.height = source.height();
    this.kernel = kernel;
    this.radius = kernel.length / 2;
    this.ring = new int[Math.min(kernel.length, height)][width];
    // A kernel higher than the picture may need any row, for the picture is mirrored repeatedly.
    this.next = kernel.length > height ? 0 : Math.max(0, from - radius);
    this.samples = new byte[width];
    this.padded = new int[width + 2 * radius];
    this.sums = new int[width];
  }

  static AlphaMask apply(AlphaMask source, int[] kernel) {
    int width = source.width();
    int height = source.height();
    byte[] target = new byte[width * height];
    Rows.inParallel(
        height,
        // A band also filters the rows around it, which should not outnumber its own.
        Math.max(16, kernel.length),
        (from, to) -> {
          Convolution band = new Convolution(source, kernel, from);
          for (int y = from; y < to; y++) {
            band.row(y, target, y * width);
          }
        });
    return AlphaMask.of(width, height, target);
  }

  private void row(int y, byte[] target, int offset) {
    for (; next <= Math.min(height - 1, y + radius); next++) {
      filterRow(next, ring[next % ring.length]);
    }
    scale(filtered(y), 0, kernel[radius], sums);
    for (int t = 1; t <= radius; t++) {
      addScaled(filtered(y - t), 0, filtered(y + t), 0, kernel[radius - t], sums);
    }
    for (int x = 0; x < width; x++) {
      target[offset + x] = (byte) ((sums[x] + (1 << 15)) >> 16);
    }
  }

  private int[] filtered(int y) {
    return ring[mirror(y, height) % ring.length];
  }

  private void filterRow(int y, int[] target) {
    source.copyRow(y, samples, 0);
    for (int x = 0; x < width; x++) {
      padded[radius + x] = samples[x] & 0xff;
    }
    for (int i = 1; i <= radius; i++) {
      padded[radius - i] = samples[mirror(-i, width)] & 0xff;
      padded[radius + width - 1 + i] = samples[mirror(width - 1 + i, width)] & 0xff;
    }
    scale(padded, radius, kernel[radius], target);
    for (int t = 1; t <= radius; t++) {
      addScaled(padded, radius - t, padded, radius + t, kernel[radius - t], target);
    }
  }

  private static void scale(int[] row, int from, int weight, int[] target) {
    for (int x = 0; x < target.length; x++) {
      target[x] = row[from + x] * weight;
    }
  }

  private static void addScaled(
      int[] left, int leftFrom, int[] right, int rightFrom, int weight, int[] target) {
    if (weight != 0) { // so most are in large kernels: 256 taps at most are not
      for (int x = 0; x < target.length; x++) {
        target[x] += (left[leftFrom + x] + right[rightFrom + x]) * weight;
      }
    }
  }

  /** The pixel that stands for one outside 0 to {@code side - 1}. */
  private static int mirror(int index, int side) {
    if (side == 1) {
      return 0;
    }
    int period = 2 * (side - 1);
    int phase = Math.floorMod(index, period);
    return Math.min(phase, period - phase);
  }
}
