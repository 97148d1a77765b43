package io.github.pixelwise.postprocess.internal;

import java.util.Arrays;
import java.util.BitSet;

/**
 * A mask's runs and its connected components, called regions here.
 *
 * <p>Runs of neighboring rows that touch are united by union-find. Time and memory grow with the
 * number of runs; only to find these is each pixel looked at. Regions are numbered by their first
 * pixels, row by row.
 */
public final class Components {
  private final int width;
  private final int height;

  /** The first run of each row, and one past the last row's last. */
  private final int[] firsts;

  /** The category of each run. */
  private int[] categories = new int[1024];

  /** The column after each run's last; the run begins where the one before ends. */
  private int[] ends = new int[1024];

  /** The region of each run; before they are numbered, a run of the same region or itself. */
  private int[] regions = new int[0];

  private int runs;
  private int count;

  private Components(int width, int height) {
    this.width = width;
    this.height = height;
    this.firsts = new int[height + 1];
  }

  /**
   * Finds the regions.
   *
   * @param diagonal whether pixels that touch only at a corner are connected
   */
  public static Components of(int width, int height, Runs.Source source, boolean diagonal) {
    Components components = new Components(width, height);
    components.addRuns(new Runs(width, source));
    components.unite(diagonal);
    components.number();
    return components;
  }

  private void addRuns(Runs rows) {
    for (int y = 0; y < height; y++) {
      rows.visitRow(y, (category, from, to) -> addRun(category, to));
      firsts[y + 1] = runs;
    }
  }

  private void addRun(int category, int end) {
    if (runs == ends.length) {
      int capacity = (int) Math.min(2L * runs, (long) width * height);
      categories = Arrays.copyOf(categories, capacity);
      ends = Arrays.copyOf(ends, capacity);
    }
    categories[runs] = category;
    ends[runs++] = end;
  }

  private void unite(boolean diagonal) {
    regions = new int[runs];
    Arrays.setAll(regions, run -> run);
    visitContacts(
        (above, below, length) -> {
          if (categories[above] == categories[below] && (length > 0 || diagonal)) {
            unite(above, below);
          }
        });
  }

  private void unite(int a, int b) {
    int rootA = root(a);
    int rootB = root(b);
    regions[Math.max(rootA, rootB)] = Math.min(rootA, rootB);
  }

  private int root(int run) {
    int root = run;
    while (regions[root] != root) {
      regions[root] = regions[regions[root]];
      root = regions[root];
    }
    return root;
  }

  private void number() {
    for (int run = 0; run < runs; run++) {
      // A run refers to an earlier one, which already has its number.
      regions[run] = regions[run] == run ? count++ : regions[regions[run]];
    }
  }

  /** Sees which runs of one row touch which runs of the next. */
  @FunctionalInterface
  private interface Contacts {
    /**
     * @param length how many columns they share, 0 if they touch by a corner
     */
    void visit(int above, int below, int length);
  }

  private void visitContacts(Contacts contacts) {
    for (int y = 1; y < height; y++) {
      int above = firsts[y - 1];
      int below = firsts[y];
      for (int from = 0, to; from < width; from = to) {
        to = Math.min(ends[above], ends[below]);
        contacts.visit(above, below, to - from);
        boolean aboveEnds = ends[above] == to;
        boolean belowEnds = ends[below] == to;
        if (aboveEnds && belowEnds && to < width) {
          contacts.visit(above, below + 1, 0);
          contacts.visit(above + 1, below, 0);
        }
        above += aboveEnds ? 1 : 0;
        below += belowEnds ? 1 : 0;
      }
    }
  }

  /** Sees runs. */
  @FunctionalInterface
  public interface Visitor {
    /** Pixels {@code from} (inclusive) to {@code to} (exclusive) of row y are of this region. */
    void visit(int region, int y, int from, int to);
  }

  public void visitRow(int y, Visitor visitor) {
    for (int run = firsts[y], from = 0; run < firsts[y + 1]; run++) {
      visitor.visit(regions[run], y, from, ends[run]);
      from = ends[run];
    }
  }

  public void visitRuns(Visitor visitor) {
    for (int y = 0; y < height; y++) {
      visitRow(y, visitor);
    }
  }

  /** Sees where regions share a border. */
  @FunctionalInterface
  public interface Borders {
    /** So many pixel edges lie between two regions of different categories. */
    void visit(int region, int other, int length);
  }

  /** A pair of regions is visited many times. */
  public void visitBorders(Borders borders) {
    for (int y = 0; y < height; y++) {
      for (int run = firsts[y] + 1; run < firsts[y + 1]; run++) {
        borders.visit(regions[run - 1], regions[run], 1);
      }
    }
    visitContacts(
        (above, below, length) -> {
          if (length > 0 && categories[above] != categories[below]) {
            borders.visit(regions[above], regions[below], length);
          }
        });
  }

  /** {@return the number of regions} */
  public int count() {
    return count;
  }

  /** {@return the number of runs} */
  public int runs() {
    return runs;
  }

  /** {@return the region of a run; runs are numbered row by row, from the left} */
  public int region(int run) {
    return regions[run];
  }

  /** The category of each region. */
  public int[] categories() {
    int[] found = new int[count];
    for (int run = 0; run < runs; run++) {
      found[regions[run]] = categories[run];
    }
    return found;
  }

  /** The number of pixels of each region. */
  public int[] sizes() {
    int[] sizes = new int[count];
    visitRuns((region, y, from, to) -> sizes[region] += to - from);
    return sizes;
  }

  /** The regions with pixels at the picture's border. */
  public BitSet atBorder() {
    BitSet found = new BitSet();
    visitRuns(
        (region, y, from, to) -> {
          if (y == 0 || y == height - 1 || from == 0 || to == width) {
            found.set(region);
          }
        });
    return found;
  }
}
