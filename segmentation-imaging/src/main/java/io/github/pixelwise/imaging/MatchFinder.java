package io.github.pixelwise.imaging;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Finds bytes that repeat earlier ones: runs of one byte, and optionally also eight or more bytes
 * that occurred up to 32 kB before.
 *
 * <p>Shorter matches at larger distances, which zlib uses, cost more bits in a filtered photograph
 * than the bytes themselves.
 */
final class MatchFinder {
  static final int SHORTEST = 4;
  static final int LONGEST = 258;
  static final int WINDOW = 1 << 15;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int HASH_BITS = 12;
  private static final long HASH_FACTOR = 0x9e3779b97f4a7c15L; // 2^64 / golden ratio
  private static final long LOW_BITS = 0x0101010101010101L;
  private static final int RUNS_SEEN = Long.BYTES - SHORTEST + 1;

  private final int stride;
  private final int[] lastSeen; // by hash of eight bytes; empty if only runs are searched
  private long[] matches = {};
  private int size;

  /**
   * @param stride the number of bytes from one search for earlier bytes to the next, such as the
   *     size of a pixel; 0 to find only runs
   */
  MatchFinder(int stride) {
    this.stride = stride;
    lastSeen = new int[stride > 0 ? 1 << HASH_BITS : 0];
  }

  /** How many matches were found. */
  int size() {
    return size;
  }

  /** A match, which the methods below take apart. */
  long match(int index) {
    return matches[index];
  }

  /** The number of bytes between the previous match and this one. */
  static int literals(long match) {
    return (int) (match >>> 32);
  }

  /** The number of bytes that repeat; 0 after the last match, where only literals are left. */
  static int length(long match) {
    return (int) match >>> 16;
  }

  /** The distance to the earlier bytes. */
  static int distance(long match) {
    return (int) match & 0xffff;
  }

  /** Finds the matches in the first {@code end} bytes, and forgets those found before. */
  void find(byte[] bytes, int end) {
    int most = end / SHORTEST + 1;
    if (matches.length < most) {
      matches = new long[most];
    }
    size = 0;
    Arrays.fill(lastSeen, 0);
    int done = 0;
    int i = 1;
    while (i <= end - Long.BYTES) {
      long next = (long) LONG.get(bytes, i);
      long runs = runs(next ^ (long) LONG.get(bytes, i - 1));
      int from;
      if (runs != 0) {
        i += Long.numberOfTrailingZeros(runs) / Byte.SIZE;
        from = i - 1;
      } else if (stride == 0) {
        i += RUNS_SEEN;
        continue;
      } else {
        int hash = (int) ((next * HASH_FACTOR) >>> (Long.SIZE - HASH_BITS));
        from = lastSeen[hash];
        lastSeen[hash] = i;
        if ((long) LONG.get(bytes, from) != next || i - from > WINDOW) {
          i += stride;
          continue;
        }
      }
      int length = length(bytes, from, i, Math.min(LONGEST, end - i));
      matches[size++] = (long) (i - done) << 32 | length << 16 | (i - from);
      i += length;
      done = i;
    }
    matches[size++] = (long) (end - done) << 32;
  }

  /** Sets the high bit of the first byte that is zero and followed by three more, if any. */
  private static long runs(long bytes) {
    long any = bytes | bytes >>> 8;
    any |= any >>> 16;
    any |= -1L << (RUNS_SEEN * Byte.SIZE); // what follows the last three is not known
    return (any - LOW_BITS) & ~any & LOW_BITS << 7;
  }

  private static int length(byte[] bytes, int from, int to, int most) {
    int length = 0;
    for (; length <= most - Long.BYTES; length += Long.BYTES) {
      long unequal = (long) LONG.get(bytes, from + length) ^ (long) LONG.get(bytes, to + length);
      if (unequal != 0) {
        return length + Long.numberOfTrailingZeros(unequal) / Byte.SIZE;
      }
    }
    while (length < most && bytes[from + length] == bytes[to + length]) {
      length++;
    }
    return length;
  }
}
