package io.github.pixelwise.internal;

import java.util.Arrays;

/** A row of the categories of a mask while it is decoded: bytes where all fit, else ints. */
final class CategoryRow {
  private final byte[] narrow;
  private final int[] wide;
  private final int offset;

  /**
   * @param narrow the mask's categories as unsigned bytes, or empty if they are in {@code wide}
   * @param wide the mask's categories, or empty
   * @param offset the index of the row's first category
   */
  CategoryRow(byte[] narrow, int[] wide, int offset) {
    this.narrow = narrow;
    this.wide = wide;
    this.offset = offset;
  }

  int get(int x) {
    return wide.length > 0 ? wide[offset + x] : narrow[offset + x] & 0xff;
  }

  void set(int x, int category) {
    if (wide.length > 0) {
      wide[offset + x] = category;
    } else {
      narrow[offset + x] = (byte) category;
    }
  }

  void fill(int from, int to, int category) {
    if (wide.length > 0) {
      Arrays.fill(wide, offset + from, offset + to, category);
    } else {
      Arrays.fill(narrow, offset + from, offset + to, (byte) category);
    }
  }
}
