package io.github.pixelwise.postprocess;

import io.github.pixelwise.AlphaMask;
import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.LabelMap;
import io.github.pixelwise.internal.util.Rows;
import io.github.pixelwise.postprocess.ClassStatistics.Box;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.function.IntPredicate;

/**
 * Finds the connected regions of masks, and tidies masks up by them: drops small regions, fills
 * holes.
 *
 * <p>Pixels of a region touch by a side or a corner, so that a slanted pole is one region and not
 * many; therefore what surrounds a hole may do so too, and the pixels of a hole touch by a side.
 *
 * <p>To clean what a network found before it is colored or cut out:
 *
 * <pre>{@code
 * CategoryMask clean = Regions.dropSmall(result.mask(), result.labels(), 400);
 * long cats = Regions.of(clean).stream().filter(region -> region.category() == 8).count();
 * }</pre>
 */
public final class Regions {
  /** What {@link Components} are told apart by where there are no categories. */
  private static final int REST = 0;

  private static final int SOUGHT = 1;

  /** Stands for a value, where pixels stay as they are. */
  private static final int KEPT = -1;

  private Regions() {}

  /**
   * Lists the regions of a mask.
   *
   * <p>Void and background have regions as well, so that the regions' pixels are all of the mask's.
   *
   * @param mask the mask
   * @return its regions in the order of their first pixels, row by row
   */
  public static List<Region> of(CategoryMask mask) {
    Objects.requireNonNull(mask, "mask");
    Components components = components(mask);
    int[] categories = components.categories();
    int[] sizes = components.sizes();
    int[] lefts = new int[sizes.length];
    int[] tops = new int[sizes.length];
    int[] rights = new int[sizes.length];
    int[] bottoms = new int[sizes.length];
    Arrays.fill(lefts, mask.width());
    Arrays.fill(tops, mask.height());
    components.visitRuns(
        (region, y, from, to) -> {
          lefts[region] = Math.min(lefts[region], from);
          tops[region] = Math.min(tops[region], y);
          rights[region] = Math.max(rights[region], to);
          bottoms[region] = y + 1;
        });
    List<Region> regions = new ArrayList<>(sizes.length);
    for (int i = 0; i < sizes.length; i++) {
      Box box = new Box(lefts[i], tops[i], rights[i] - lefts[i], bottoms[i] - tops[i]);
      regions.add(new Region(categories[i], sizes[i], box));
    }
    return List.copyOf(regions);
  }

  /**
   * Gives regions that are too small to their neighbours.
   *
   * <p>A small region takes the category with which it shares the longest border, in pixel edges,
   * and the lowest of several. Only regions that are large enough count as neighbours; a small
   * region among small ones waits until these have been given away, and then they count. So every
   * region of the result is large enough.
   *
   * <p>Void pixels stay void, however few hang together, for to fill them would be to decide what
   * was left undecided. A small region becomes void only if nothing else is about it. If the mask
   * has neither void nor a region that is large enough, it stays as it is.
   *
   * @param mask the mask
   * @param labels its labels, which tell what is void
   * @param minPixels the fewest pixels of a region that stays, 1 or more
   * @return a mask of the same size
   * @throws IllegalArgumentException if {@code minPixels} is below 1
   */
  public static CategoryMask dropSmall(CategoryMask mask, LabelMap labels, int minPixels) {
    Objects.requireNonNull(mask, "mask");
    Objects.requireNonNull(labels, "labels");
    Checks.atLeast(1, "the fewest pixels of a region", minPixels);
    Components components = components(mask);
    return paint(
        mask, components, SmallRegions.giveAway(components, minPixels, labels.ignoreIndex()));
  }

  /**
   * Drops islands of foreground that are too small: regions of alpha above 0, their soft rims
   * included, become background.
   *
   * @param alpha the mask
   * @param minPixels the fewest pixels of an island that stays, 1 or more
   * @return a mask of the same size
   * @throws IllegalArgumentException if {@code minPixels} is below 1
   */
  public static AlphaMask dropSmall(AlphaMask alpha, int minPixels) {
    Objects.requireNonNull(alpha, "alpha");
    Checks.atLeast(1, "the fewest pixels of a region", minPixels);
    Components components = components(alpha, value -> value > 0, true);
    int[] sizes = components.sizes();
    return paint(alpha, components, replace(components, region -> sizes[region] < minPixels, 0));
  }

  /**
   * Fills the holes of a class: the parts of the mask that its pixels enclose become of the class,
   * whatever is in them, void included.
   *
   * <p>A hole touches neither the picture's border nor, except by corners, anything outside. Mind
   * that what can be seen through a ring, or stands before a large thing, is a hole as well: {@code
   * maxPixels} tells it from a flaw.
   *
   * @param mask the mask
   * @param category the class, 0 to 65535
   * @param maxPixels the most pixels of a hole that is filled, 1 or more; {@link Integer#MAX_VALUE}
   *     fills all
   * @return a mask of the same size
   * @throws IllegalArgumentException if the category lies outside 0..65535 or {@code maxPixels} is
   *     below 1
   */
  public static CategoryMask fillHoles(CategoryMask mask, int category, int maxPixels) {
    Objects.requireNonNull(mask, "mask");
    Checks.category(category);
    Checks.atLeast(1, "the most pixels of a hole", maxPixels);
    Components components =
        Components.of(
            mask.width(),
            mask.height(),
            (y, row) -> {
              mask.copyRow(y, row, 0);
              for (int x = 0; x < row.length; x++) {
                row[x] = row[x] == category ? REST : SOUGHT;
              }
            },
            false);
    return paint(mask, components, holes(components, maxPixels, category));
  }

  /**
   * Fills the holes of a foreground: pixels that foreground of alpha 255 encloses get alpha 255,
   * soft rims included.
   *
   * <p>A hole touches neither the picture's border nor, except by corners, anything outside. Mind
   * that what can be seen between an arm and a body is a hole as well: {@code maxPixels} tells it
   * from a flaw. Fill holes before the mask is feathered: what is soft right through encloses
   * nothing.
   *
   * @param alpha the mask
   * @param maxPixels the most pixels of a hole that is filled, 1 or more; {@link Integer#MAX_VALUE}
   *     fills all
   * @return a mask of the same size
   * @throws IllegalArgumentException if {@code maxPixels} is below 1
   */
  public static AlphaMask fillHoles(AlphaMask alpha, int maxPixels) {
    Objects.requireNonNull(alpha, "alpha");
    Checks.atLeast(1, "the most pixels of a hole", maxPixels);
    Components components = components(alpha, value -> value < 255, false);
    return paint(alpha, components, holes(components, maxPixels, 255));
  }

  private static Components components(CategoryMask mask) {
    return Components.of(mask.width(), mask.height(), (y, row) -> mask.copyRow(y, row, 0), true);
  }

  /** The regions of {@link #SOUGHT} and {@link #REST}. */
  private static Components components(AlphaMask alpha, IntPredicate sought, boolean diagonal) {
    int[] sorted = new int[256];
    Arrays.setAll(sorted, value -> sought.test(value) ? SOUGHT : REST);
    byte[] samples = new byte[alpha.width()];
    return Components.of(
        alpha.width(),
        alpha.height(),
        (y, row) -> {
          alpha.copyRow(y, samples, 0);
          for (int x = 0; x < samples.length; x++) {
            row[x] = sorted[samples[x] & 0xff];
          }
        },
        diagonal);
  }

  private static int[] holes(Components components, int maxPixels, int value) {
    int[] sizes = components.sizes();
    BitSet atBorder = components.atBorder();
    return replace(
        components, region -> sizes[region] <= maxPixels && !atBorder.get(region), value);
  }

  /** The value of each region: a new one for those sought of which a condition holds, or KEPT. */
  private static int[] replace(Components components, IntPredicate condition, int value) {
    int[] values = components.categories();
    Arrays.setAll(
        values, region -> values[region] == SOUGHT && condition.test(region) ? value : KEPT);
    return values;
  }

  private static AlphaMask paint(AlphaMask alpha, Components components, int[] values) {
    int width = alpha.width();
    byte[] target = alpha.toByteArray();
    components.visitRuns(
        (region, y, from, to) -> {
          if (values[region] != KEPT) {
            Arrays.fill(target, y * width + from, y * width + to, (byte) values[region]);
          }
        });
    return AlphaMask.of(width, alpha.height(), target);
  }

  private static CategoryMask paint(CategoryMask mask, Components components, int[] values) {
    int width = mask.width();
    int height = mask.height();
    boolean wide = Runs.categories(mask).length() > 256;
    byte[] bytes = new byte[wide ? 0 : width * height];
    int[] ints = new int[wide ? width * height : 0];
    Rows.inParallel(
        height,
        16,
        (first, last) -> {
          int[] row = new int[width];
          for (int y = first, i = first * width; y < last; y++, i += width) {
            mask.copyRow(y, row, 0);
            components.visitRow(
                y,
                (region, at, from, to) -> {
                  if (values[region] != KEPT) {
                    Arrays.fill(row, from, to, values[region]);
                  }
                });
            if (wide) {
              System.arraycopy(row, 0, ints, i, width);
            } else {
              for (int x = 0; x < width; x++) {
                bytes[i + x] = (byte) row[x];
              }
            }
          }
        });
    return wide ? CategoryMask.copyOf(width, height, ints) : CategoryMask.of(width, height, bytes);
  }
}
