package io.github.pixelwise.imaging.stream;

import java.util.Arrays;

/** The bits between two markers of a JPEG's scan, as they are written. */
final class JpegInterval {
  private byte[] bytes = new byte[1 << 12];
  private int size;
  private long bits;
  private int count;

  /** Adds the lowest bits of a number, 0 to 16. */
  void put(int value, int length) {
    bits = bits << length | value;
    count += length;
    while (count >= 8) {
      count -= 8;
      putByte((byte) (bits >>> count));
    }
  }

  private void putByte(byte next) {
    if (size + 2 > bytes.length) {
      bytes = Arrays.copyOf(bytes, 2 * bytes.length);
    }
    bytes[size++] = next;
    if (next == (byte) 0xff) {
      bytes[size++] = 0;
    }
  }

  /** All bytes so far, the last one filled up with ones; begins anew. */
  byte[] finish() {
    if (count > 0) {
      put((1 << (8 - count)) - 1, 8 - count);
    }
    byte[] all = Arrays.copyOf(bytes, size);
    size = 0;
    return all;
  }
}
