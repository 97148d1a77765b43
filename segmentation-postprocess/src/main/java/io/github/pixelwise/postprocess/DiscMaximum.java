package io.github.pixelwise.postprocess;

import io.github.pixelwise.postprocess.internal.Runs;
import java.util.Arrays;

/**
 * The largest value within a disc around each pixel, for a band of rows, row by row. Pixels outside
 * the picture are ignored. Not safe for use by several threads.
 *
 * <p>A disc is a stack of horizontal lines. For each row, maxima along longer and longer lines are
 * computed, and each is applied to the two rows whose disc contains that line. The work is
 * proportional to the radius, but small because the compiler vectorizes it. Unlike a distance
 * transform, this also handles values between 0 and the maximum.
 */
final class DiscMaximum {
  private final int width;
  private final int height;
  private final Runs.Source source;
  private final int from;
  private final int to;

  /** How far the disc reaches to either side, by the distance from its middle row. */
  private final int[] reaches;

  /** Row y is at {@code y % ring.length}: those of the band that a row of the source reaches. */
  private final int[][] ring;

  private int nextSource;
  private int next;

  /**
   * The maxima along lines that start at each pixel, with a margin of their length on both sides.
   */
  private final int[] lines;

  /** The length of these lines. */
  private int length;

  private final int[] shifted;

  /** The maxima along lines centered at each pixel. */
  private final int[] centered;

  /**
   * @param source values of 0 to 65535
   * @param from the band's first row
   * @param to the row after the band's last
   */
  DiscMaximum(int width, int height, Runs.Source source, int radius, int from, int to) {
    this.width = width;
    this.height = height;
    this.source = source;
    this.from = from;
    this.to = to;
    this.reaches = reaches(radius, width, height);
    this.ring = new int[Math.min(2 * reaches.length - 1, to - from)][width];
    this.nextSource = Math.max(0, from - reaches.length + 1);
    this.next = from;
    this.lines = new int[width + 2 * reaches[0]];
    this.shifted = new int[lines.length];
    this.centered = new int[width];
  }

  /**
   * The fewest rows in a band. Smaller bands are inefficient because each also reads the rows
   * around it.
   */
  static int minimumBand(int radius, int height) {
    return Math.max(16, 2 * Math.min(radius, height));
  }

  private static int[] reaches(int radius, int width, int height) {
    int[] reaches = new int[Math.min(radius, height - 1) + 1];
    for (int dy = 0; dy < reaches.length; dy++) {
      // Cut off rightly: the nearest root below a whole number k is k - 1 / 2k, still a double's
      // distance away as long as k is below 2^26.
      long reach = (long) Math.sqrt((double) ((long) radius * radius - (long) dy * dy));
      reaches[dy] = (int) Math.min(reach, width - 1);
    }
    return reaches;
  }

  /** The maxima of the band's next row, until the next call. */
  int[] nextRow() {
    if (next > from) {
      Arrays.fill(ring[(next - 1) % ring.length], 0);
    }
    for (; nextSource < Math.min(height, next + reaches.length); nextSource++) {
      spread(nextSource);
    }
    return ring[next++ % ring.length];
  }

  private void spread(int y) {
    source.copyRow(y, centered);
    Arrays.fill(lines, 0);
    System.arraycopy(centered, 0, lines, reaches[0], width);
    length = 1;
    for (int dy = reaches.length - 1; dy >= 0; dy--) {
      if (length < 2 * reaches[dy] + 1) {
        lengthen(2 * reaches[dy] + 1);
        System.arraycopy(lines, reaches[0] - reaches[dy], centered, 0, width);
      }
      raise(y - dy);
      if (dy > 0) {
        raise(y + dy);
      }
    }
  }

  private void lengthen(int wanted) {
    while (length < wanted) {
      int shift = Math.min(length, wanted - length);
      // Copied, because the compiler vectorizes only loops whose arrays have one index. The last
      // ones, which get no copy, would be of lines that leave the array: nobody asks for these.
      System.arraycopy(lines, shift, shifted, 0, lines.length - shift);
      raise(lines, shifted);
      length += shift;
    }
  }

  private void raise(int y) {
    if (y >= from && y < to) {
      raise(ring[y % ring.length], centered);
    }
  }

  private static void raise(int[] maxima, int[] values) {
    for (int x = 0; x < maxima.length; x++) {
      // The larger one. JDK 17 vectorizes this, and not Math.max: it takes a fifth of the time.
      int difference = maxima[x] - values[x];
      maxima[x] -= difference & (difference >> 31);
    }
  }
}
