package io.github.pixelwise.imaging.stream;

import java.io.IOException;
import java.util.Arrays;

/** A Huffman table of a JPEG (ITU-T T.81, annex C): canonical codes of up to 16 bits. */
final class JpegTable {
  private static final int LONGEST = 16;

  /** For the next 16 bits, the length of the code that they begin with, and its symbol. */
  private final short[] codes = new short[1 << LONGEST];

  private final byte[] definition;

  /**
   * Creates a table.
   *
   * @param definition the number of codes of each length from 1 to 16, then their symbols
   * @throws IOException if there are more codes than fit
   */
  JpegTable(byte[] definition) throws IOException {
    this.definition = definition;
    int next = 0;
    for (int length = 1, symbol = LONGEST; length <= LONGEST; length++) {
      int span = 1 << (LONGEST - length);
      for (int i = 0; i < (definition[length - 1] & 0xff); i++, symbol++) {
        if (next + span > codes.length) {
          throw new IOException("it has a Huffman table with too many codes");
        }
        short code = (short) (length << 8 | (definition[symbol] & 0xff));
        Arrays.fill(codes, next, next + span, code);
        next += span;
      }
    }
  }

  /** The length of the code that 16 bits begin with in the upper byte, 0 if none; its symbol. */
  int find(int bits) {
    return codes[bits];
  }

  /** The number of codes of each length, then their symbols. */
  byte[] definition() {
    return definition;
  }
}
