package io.github.pixelwise.internal.decode;

import java.util.Arrays;

/** A row of the categories of a mask while it is decoded. */
final class CategoryRow {
  private final byte[] low;
  private final byte[] high;
  private final int offset;

  /**
   * @param low the lower eight bits of the mask's categories
   * @param high the upper eight bits, or empty if all categories fit into eight
   * @param offset the index of the row's first category
   */
  CategoryRow(byte[] low, byte[] high, int offset) {
    this.low = low;
    this.high = high;
    this.offset = offset;
  }

  int get(int x) {
    int category = low[offset + x] & 0xff;
    return high.length > 0 ? (high[offset + x] & 0xff) << 8 | category : category;
  }

  void set(int x, int category) {
    low[offset + x] = (byte) category;
    if (high.length > 0) {
      high[offset + x] = (byte) (category >> 8);
    }
  }

  void fill(int from, int to, int category) {
    Arrays.fill(low, offset + from, offset + to, (byte) category);
    if (high.length > 0) {
      Arrays.fill(high, offset + from, offset + to, (byte) (category >> 8));
    }
  }
}
