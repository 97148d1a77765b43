package io.github.pixelwise.postprocess;

import io.github.pixelwise.postprocess.internal.Components;
import java.util.Arrays;
import java.util.BitSet;
import java.util.function.IntPredicate;

/**
 * Merges small regions into their neighbors: {@link Regions#dropSmall}.
 *
 * <p>Large regions grow round by round into the small ones that border on them, so that no crowd of
 * small regions becomes a large one that was not there.
 */
final class SmallRegions {
  private final int[] categories;

  /** The regions whose category is final. */
  private final BitSet settled = new BitSet();

  /** The first border of each region, or -1. */
  private final int[] firstBorders;

  private int borders;

  /** Of each border: the region's next one or -1, the region behind it, and its length. */
  private int[] nextBorders = new int[1024];

  private int[] others = new int[1024];
  private int[] lengths = new int[1024];

  /** How long a region's borders with each category are; all 0 between uses. */
  private final int[] tally;

  private SmallRegions(Components components, int[] categories, BitSet small) {
    this.categories = categories;
    this.firstBorders = new int[categories.length];
    this.tally = new int[Arrays.stream(categories).max().orElseThrow() + 1];
    Arrays.fill(firstBorders, -1);
    components.visitBorders(
        (region, other, length) -> {
          if (small.get(region)) {
            addBorder(region, other, length);
          }
          if (small.get(other)) {
            addBorder(other, region, length);
          }
        });
  }

  /**
   * The category of each region when the small ones are given away.
   *
   * @param components the regions
   * @param minimum the fewest pixels of a region that stays
   * @param ignored the category of void pixels, which stay, and to which a region goes only if it
   *     has nowhere else to go
   */
  static int[] giveAway(Components components, int minimum, int ignored) {
    int[] categories = components.categories();
    int[] sizes = components.sizes();
    BitSet small =
        regions(categories, region -> categories[region] != ignored && sizes[region] < minimum);
    if (!small.isEmpty()) {
      BitSet undecided = regions(categories, region -> categories[region] == ignored);
      if (small.cardinality() == categories.length) {
        return categories; // noise: there is nothing to grow
      }
      SmallRegions regions = new SmallRegions(components, categories, small);
      regions.settled.set(0, categories.length);
      regions.settled.andNot(small);
      regions.settled.andNot(undecided);
      regions.spread(small);
      regions.settled.or(undecided);
      regions.spread(small);
    }
    return categories;
  }

  private static BitSet regions(int[] categories, IntPredicate condition) {
    BitSet found = new BitSet(categories.length);
    for (int region = 0; region < categories.length; region++) {
      found.set(region, condition.test(region));
    }
    return found;
  }

  private void addBorder(int region, int other, int length) {
    if (borders == others.length) {
      int capacity = (int) Math.min(2L * borders, Integer.MAX_VALUE - 8);
      nextBorders = Arrays.copyOf(nextBorders, capacity);
      others = Arrays.copyOf(others, capacity);
      lengths = Arrays.copyOf(lengths, capacity);
    }
    others[borders] = other;
    lengths[borders] = length;
    nextBorders[borders] = firstBorders[region];
    firstBorders[region] = borders++;
  }

  /** Settles those of the small regions that some chain of borders joins to a settled one. */
  private void spread(BitSet small) {
    BitSet round = (BitSet) small.clone();
    round.andNot(settled);
    while (!round.isEmpty()) {
      // All decide by what was settled before the round, so that their order does not matter.
      BitSet decided = new BitSet();
      round.stream()
          .forEach(
              region -> {
                int category = longestBorder(region);
                if (category >= 0) {
                  decided.set(region);
                  categories[region] = category;
                }
              });
      settled.or(decided);
      round = new BitSet();
      BitSet neighbors = round;
      decided.stream().forEach(region -> addUnsettledNeighbours(region, neighbors));
    }
  }

  private void addUnsettledNeighbours(int region, BitSet target) {
    for (int b = firstBorders[region]; b >= 0; b = nextBorders[b]) {
      if (!settled.get(others[b])) {
        target.set(others[b]);
      }
    }
  }

  /**
   * The category, the lowest of several, with whose settled regions a region shares the longest
   * border, or -1 if there is none.
   */
  private int longestBorder(int region) {
    int best = -1;
    for (int b = firstBorders[region]; b >= 0; b = nextBorders[b]) {
      if (settled.get(others[b])) {
        int category = categories[others[b]];
        tally[category] += lengths[b];
        int longer = best < 0 ? 1 : Integer.compare(tally[category], tally[best]);
        if (longer > 0 || (longer == 0 && category < best)) {
          best = category;
        }
      }
    }
    for (int b = firstBorders[region]; b >= 0; b = nextBorders[b]) {
      tally[categories[others[b]]] = 0;
    }
    return best;
  }
}
