package io.github.pixelwise.imaging.stream;

import java.io.EOFException;
import java.io.IOException;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The compressions of a TIFF's blocks whose readers do not notice missing bytes: the JDK's fills
 * them up with zeros.
 */
final class Compression {
  static final int LZW = 5;
  static final int DEFLATE = 8;
  static final int PACK_BITS = 32773;
  static final int OLD_DEFLATE = 32946;

  // TIFF 6.0, section 13.
  private static final int CLEAR = 256;
  private static final int END = 257;
  private static final int FIRST = 258;
  private static final int CODES = 1 << 12;

  /** A byte that is deflated holds at most this many (zlib's technical details). */
  private static final int MOST_INFLATED = 1032;

  private Compression() {}

  /**
   * Inflates a block.
   *
   * @param size the number of bytes that are needed; others are ignored
   * @throws IOException if there are fewer, or the block is damaged
   */
  static byte[] inflate(byte[] block, int size) throws IOException {
    requireSize((block.length + 1L) * MOST_INFLATED, size); // before memory is allocated
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(block);
      byte[] samples = new byte[size];
      int done = 0;
      int count = 1;
      while (done < size && count > 0) {
        count = inflater.inflate(samples, done, size - done);
        done += count;
      }
      requireSize(done, size);
      inflater.inflate(new byte[1]); // compares the checksum
      return samples;
    } catch (DataFormatException e) {
      throw new IOException("is damaged (%s)".formatted(e.getMessage()), e);
    } finally {
      inflater.end();
    }
  }

  /**
   * Requires that a block is large enough when it is decompressed.
   *
   * @param compression any; others than LZW and PackBits are not examined
   * @throws IOException if it is not
   */
  static void requireSize(int compression, byte[] block, long size) throws IOException {
    if (compression == PACK_BITS) {
      requireSize(packBits(block, size), size);
    } else if (compression == LZW && !isOldLzw(block)) {
      requireSize(lzw(block, size), size);
    }
  }

  private static void requireSize(long found, long size) throws IOException {
    if (found < size) {
      throw new EOFException(
          "needs %d bytes, but has %d when it is decompressed".formatted(size, found));
    }
  }

  /** The size of a block that was compressed by PackBits (section 9), up to a size. */
  private static long packBits(byte[] block, long most) {
    long size = 0;
    int at = 0;
    while (at < block.length && size < most) {
      int head = block[at];
      int used = head >= 0 ? head + 1 : 1;
      if (at + used >= block.length) {
        return size + (head >= 0 ? block.length - at - 1 : 0);
      }
      size += head == -128 ? 0 : head >= 0 ? used : 1 - head;
      at += head == -128 ? 1 : 1 + used;
    }
    return size;
  }

  /** Whether a block has the lowest bits of codes first, as in files of before 1990. */
  private static boolean isOldLzw(byte[] block) {
    return block.length > 1 && block[0] == 0 && (block[1] & 1) == 1;
  }

  /** The size of a block that was compressed by LZW, up to a size. */
  private static long lzw(byte[] block, long most) {
    int[] lengths = new int[CODES];
    int next = FIRST;
    int width = 9;
    int before = 0; // the length of the code before; 0 if there is none
    int bits = 0;
    int count = 0;
    long size = 0;
    for (byte more : block) {
      bits = (bits << 8 | (more & 0xff)) & 0xffffff;
      count += 8;
      if (count < width) {
        continue;
      }
      count -= width;
      int code = bits >>> count & ((1 << width) - 1);
      if (code == END || size >= most) {
        break;
      }
      if (code == CLEAR) {
        next = FIRST;
        width = 9;
        before = 0;
        continue;
      }
      int length = code < CLEAR ? 1 : code < next ? lengths[code] : before + 1;
      if (before > 0 && next < CODES) {
        lengths[next++] = before + 1;
        width = next >= 2047 ? 12 : next >= 1023 ? 11 : next >= 511 ? 10 : 9;
      }
      size += length;
      before = length;
    }
    return size;
  }
}
