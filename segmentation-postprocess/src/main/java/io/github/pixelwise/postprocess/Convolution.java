package io.github.pixelwise.postprocess;

import io.github.pixelwise.AlphaMask;
import io.github.pixelwise.internal.util.Rows;
import java.util.Arrays;

/**
 * Averages a picture's rows and columns with a symmetric kernel of integers that sum to 256,
 * exactly: only the result is rounded, half up.
 *
 * <p>A band of rows keeps the latest filtered rows, as many as the kernel is high, in a ring.
 * Filtered rows are of int, and a tap is added to a whole row at a time, because the compiler
 * vectorizes such loops: in them, a kernel's 7 taps cost hardly more than one.
 *
 * <p>Most of an alpha mask is flat. So rows are divided into blocks, and of a block in which all
 * that the kernel reaches is of one level, nothing is averaged.
 */
final class Convolution {
  /** Long enough for vectors, short enough to lie between edges. */
  private static final int BLOCK = 128;

  private static final int UNEVEN = -1;

  private final AlphaMask source;
  private final int width;
  private final int height;
  private final int[] kernel;
  private final int radius;

  /** Filtered row y is at {@code y % ring.length}. */
  private final int[][] ring;

  /** Of each filtered row the blocks' levels, 0 to 255, or {@link #UNEVEN}. */
  private final int[][] levels;

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
    this.levels = new int[ring.length][(width - 1) / BLOCK + 1];
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
      filterRow(next);
    }
    for (int block = 0, from = 0; from < width; block++, from += BLOCK) {
      int to = Math.min(from + BLOCK, width);
      int level = level(y, block);
      if (level == UNEVEN) {
        filterColumns(y, from, to, target, offset);
      } else {
        Arrays.fill(target, offset + from, offset + to, (byte) level);
      }
    }
  }

  /** The level of all filtered rows that count for row y, or {@link #UNEVEN}. */
  private int level(int y, int block) {
    int level = levels[slot(y)][block];
    for (int t = 1; t <= radius; t++) {
      if (levels[slot(y - t)][block] != level || levels[slot(y + t)][block] != level) {
        return UNEVEN;
      }
    }
    return level;
  }

  private void filterColumns(int y, int from, int to, byte[] target, int offset) {
    scale(ring[slot(y)], 0, kernel[radius], sums, from, to);
    for (int t = 1; t <= radius; t++) {
      addScaled(ring[slot(y - t)], 0, ring[slot(y + t)], 0, kernel[radius - t], sums, from, to);
    }
    for (int x = from; x < to; x++) {
      target[offset + x] = (byte) ((sums[x] + (1 << 15)) >> 16);
    }
  }

  /** Where in the ring a row is, or the one that stands for it. */
  private int slot(int y) {
    return mirror(y, height) % ring.length;
  }

  private void filterRow(int y) {
    source.copyRow(y, samples, 0);
    int[] target = ring[slot(y)];
    for (int block = 0, from = 0; from < width; block++, from += BLOCK) {
      int to = Math.min(from + BLOCK, width);
      if (isFlat(Math.max(0, from - radius), Math.min(width, to + radius))) {
        int level = samples[from] & 0xff;
        levels[slot(y)][block] = level;
        Arrays.fill(target, from, to, level << 8);
      } else {
        levels[slot(y)][block] = UNEVEN;
        pad(from - radius, to + radius);
        scale(padded, radius, kernel[radius], target, from, to);
        for (int t = 1; t <= radius; t++) {
          addScaled(padded, radius - t, padded, radius + t, kernel[radius - t], target, from, to);
        }
      }
    }
  }

  private void pad(int from, int to) {
    for (int x = from; x < 0; x++) {
      padded[radius + x] = samples[mirror(x, width)] & 0xff;
    }
    for (int x = Math.max(0, from); x < Math.min(width, to); x++) {
      padded[radius + x] = samples[x] & 0xff;
    }
    for (int x = width; x < to; x++) {
      padded[radius + x] = samples[mirror(x, width)] & 0xff;
    }
  }

  /** Whether samples are equal; those that stand for what lies beyond the border are among them. */
  private boolean isFlat(int from, int to) {
    return Arrays.mismatch(samples, from, to - 1, samples, from + 1, to) < 0;
  }

  private static void scale(int[] row, int shift, int weight, int[] target, int from, int to) {
    for (int x = from; x < to; x++) {
      target[x] = row[shift + x] * weight;
    }
  }

  private static void addScaled(
      int[] left,
      int leftShift,
      int[] right,
      int rightShift,
      int weight,
      int[] target,
      int from,
      int to) {
    if (weight != 0) { // so most are in large kernels: 256 taps at most are not
      for (int x = from; x < to; x++) {
        target[x] += (left[leftShift + x] + right[rightShift + x]) * weight;
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
