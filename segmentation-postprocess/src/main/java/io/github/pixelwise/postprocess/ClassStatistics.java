package io.github.pixelwise.postprocess;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.LabelMap;
import io.github.pixelwise.internal.util.Rows;
import io.github.pixelwise.postprocess.internal.Runs;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;

/**
 * How much of a mask a class takes up, and where.
 *
 * @param category the category
 * @param name the class's name, {@code "void"} for the ignore index
 * @param pixels the number of its pixels
 * @param share the share of all pixels, 0 to 1
 * @param box the smallest box around all its pixels
 */
public record ClassStatistics(int category, String name, long pixels, double share, Box box) {
  /**
   * An upright box of whole pixels.
   *
   * @param x the leftmost column
   * @param y the topmost row
   * @param width the number of columns
   * @param height the number of rows
   */
  public record Box(int x, int y, int width, int height) {}

  /**
   * Creates statistics.
   *
   * @param category the category
   * @param name the class's name, {@code "void"} for the ignore index
   * @param pixels the number of its pixels
   * @param share the share of all pixels, 0 to 1
   * @param box the smallest box around all its pixels
   */
  public ClassStatistics {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(box, "box");
  }

  /**
   * Measures the classes of a mask.
   *
   * <p>Void counts as a class, so that the shares sum to 1.
   *
   * @param mask the mask
   * @param labels the names of its categories
   * @return one entry for each class that has pixels, in the order of the categories
   * @throws IllegalArgumentException if the mask has a category that is not in the labels
   */
  public static List<ClassStatistics> of(CategoryMask mask, LabelMap labels) {
    Objects.requireNonNull(mask, "mask");
    Objects.requireNonNull(labels, "labels");
    BitSet categories = Runs.categories(mask);
    categories.stream()
        .filter(category -> category >= labels.size() && category != labels.ignoreIndex())
        .findFirst()
        .ifPresent(
            category -> {
              throw new IllegalArgumentException(
                  "the mask must hold categories of its labels, 0..%d or %d, found %d"
                      .formatted(labels.size() - 1, labels.ignoreIndex(), category));
            });
    Tally[] tallies = tally(mask, categories.length());
    double all = (double) mask.width() * mask.height();
    List<ClassStatistics> statistics = new ArrayList<>();
    for (int c = categories.nextSetBit(0); c >= 0; c = categories.nextSetBit(c + 1)) {
      Tally tally = tallies[c];
      statistics.add(
          new ClassStatistics(c, labels.name(c), tally.pixels, tally.pixels / all, tally.box()));
    }
    return List.copyOf(statistics);
  }

  private static Tally[] tally(CategoryMask mask, int categories) {
    Tally[] all = newTallies(categories);
    Rows.inParallel(
        mask.height(),
        16,
        (from, to) -> {
          Tally[] mine = newTallies(categories);
          Runs runs = new Runs(mask);
          for (int y = from; y < to; y++) {
            int row = y;
            runs.visitRow(y, (category, left, right) -> mine[category].add(row, left, right));
          }
          synchronized (all) {
            for (int category = 0; category < categories; category++) {
              all[category].add(mine[category]);
            }
          }
        });
    return all;
  }

  private static Tally[] newTallies(int count) {
    Tally[] tallies = new Tally[count];
    for (int i = 0; i < count; i++) {
      tallies[i] = new Tally();
    }
    return tallies;
  }

  private static final class Tally {
    private long pixels;
    private int left = Integer.MAX_VALUE;
    private int top = Integer.MAX_VALUE;
    private int right;
    private int bottom;

    /** Adds pixels {@code from} (inclusive) to {@code to} (exclusive) of a row. */
    void add(int y, int from, int to) {
      add(to - from, from, y, to, y + 1);
    }

    void add(Tally other) {
      add(other.pixels, other.left, other.top, other.right, other.bottom);
    }

    private void add(long pixels, int left, int top, int right, int bottom) {
      this.pixels += pixels;
      this.left = Math.min(this.left, left);
      this.top = Math.min(this.top, top);
      this.right = Math.max(this.right, right);
      this.bottom = Math.max(this.bottom, bottom);
    }

    Box box() {
      return new Box(left, top, right - left, bottom - top);
    }
  }
}
