package io.github.pixelwise.imaging;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Packs bits into bytes, the lowest first, as in deflate. */
final class BitWriter {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private byte[] bytes = {};
  private int length;
  private long pending;
  private int count; // of the pending bits; fewer than eight between calls

  /** Starts over with room for this many bytes. */
  void reset(int room) {
    if (bytes.length < room + Long.BYTES) {
      bytes = new byte[room + Long.BYTES]; // put writes eight bytes, however few are full
    }
    length = 0;
    pending = 0;
    count = 0;
  }

  /** Adds the lowest bits of a value, at most 56; its other bits must be zero. */
  void put(long value, int bits) {
    pending |= value << count;
    count += bits;
    LONG.set(bytes, length, pending);
    length += count >>> 3;
    pending >>>= count & ~7;
    count &= 7;
  }

  /** Fills the last byte with zeros. */
  void align() {
    put(0, -count & 7);
  }

  /** Returns a copy of the full bytes. */
  byte[] toByteArray() {
    return Arrays.copyOf(bytes, length);
  }
}
