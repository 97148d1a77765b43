package io.github.pixelwise.postprocess.internal;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.internal.util.Rows;
import java.util.Arrays;
import java.util.BitSet;
import java.util.function.IntConsumer;

/**
 * Iterates over the runs of a mask's rows: adjacent pixels of one category. Masks consist of long
 * runs, so work per run instead of per pixel costs almost nothing. Not safe for use by several
 * threads.
 */
public final class Runs {
  private final int width;

  /** Copies a row into the one of the two arrays below that is not empty. */
  private final IntConsumer copy;

  private final byte[] narrow;
  private final int[] wide;

  public Runs(CategoryMask mask) {
    boolean fits = mask.bits() == 8;
    byte[] bytes = new byte[fits ? mask.width() : 0];
    int[] ints = new int[fits ? 0 : mask.width()];
    width = mask.width();
    copy = fits ? y -> mask.copyRow(y, bytes, 0) : y -> mask.copyRow(y, ints, 0);
    narrow = bytes;
    wide = ints;
  }

  public Runs(int width, Source source) {
    int[] row = new int[width];
    this.width = width;
    copy = y -> source.copyRow(y, row);
    narrow = new byte[0];
    wide = row;
  }

  /** The rows of a mask, or of what can be taken for one. */
  @FunctionalInterface
  public interface Source {
    /** Copies a row of categories. */
    void copyRow(int y, int[] target);
  }

  /** Sees runs, from left to right. */
  @FunctionalInterface
  public interface Visitor {
    /** Pixels {@code from} (inclusive) to {@code to} (exclusive) are of this category. */
    void visit(int category, int from, int to);
  }

  public void visitRow(int y, Visitor visitor) {
    copy.accept(y);
    for (int from = 0, to; from < width; from = to) {
      to = end(from);
      visitor.visit(narrow.length > 0 ? narrow[from] & 0xff : wide[from], from, to);
    }
  }

  /** Where a run ends: where the row first differs from itself, one pixel on. */
  private int end(int from) {
    int same =
        narrow.length > 0
            ? Arrays.mismatch(narrow, from, width - 1, narrow, from + 1, width)
            : Arrays.mismatch(wide, from, width - 1, wide, from + 1, width);
    return same < 0 ? width : from + same + 1;
  }

  /** The categories that a mask holds. */
  public static BitSet categories(CategoryMask mask) {
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
