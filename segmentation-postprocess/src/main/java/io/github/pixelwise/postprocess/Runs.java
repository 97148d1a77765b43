package io.github.pixelwise.postprocess;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.internal.Rows;
import java.util.BitSet;

/**
 * Walks along a mask's rows by runs: neighbours of one category. Masks are made of long runs, so
 * that what is done for each run, rather than for each pixel, costs next to nothing. For one
 * thread.
 */
final class Runs {
  private final Source source;
  private final int[] row;

  Runs(CategoryMask mask) {
    this(mask.width(), mask::copyRow);
  }

  Runs(int width, Source source) {
    this.source = source;
    this.row = new int[width];
  }

  /** The rows of a mask, or of what can be taken for one. */
  @FunctionalInterface
  interface Source {
    /** Copies a row of categories. */
    void copyRow(int y, int[] target);
  }

  /** Sees runs, from left to right. */
  @FunctionalInterface
  interface Visitor {
    /** Pixels {@code from} (inclusive) to {@code to} (exclusive) are of this category. */
    void visit(int category, int from, int to);
  }

  void visitRow(int y, Visitor visitor) {
    source.copyRow(y, row);
    for (int from = 0, to; from < row.length; from = to) {
      int category = row[from];
      to = from + 1;
      while (to < row.length && row[to] == category) {
        to++;
      }
      visitor.visit(category, from, to);
    }
  }

  /** The categories that a mask holds. */
  static BitSet categories(CategoryMask mask) {
    BitSet categories = new BitSet();
    Rows.inParallel(
        mask.height(),
        16,
        (from, to) -> {
          BitSet seen = new BitSet();
          Runs runs = new Runs(mask);
          for (int y = from; y < to; y++) {
            runs.visitRow(y, (category, left, right) -> seen.set(category));
          }
          synchronized (categories) {
            categories.or(seen);
          }
        });
    return categories;
  }
}
