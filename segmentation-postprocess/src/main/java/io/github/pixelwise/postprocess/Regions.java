package io.github.pixelwise.postprocess;

import io.github.pixelwise.AlphaMask;
import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.LabelMap;
import io.github.pixelwise.internal.util.Rows;
import io.github.pixelwise.postprocess.ClassStatistics.Box;
import io.github.pixelwise.postprocess.internal.Components;
import io.github.pixelwise.postprocess.internal.Runs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.function.IntPredicate;

/**
 * Finds the connected regions of masks, drops small regions, and fills holes.
 *
 * <p>Pixels of a region touch at a side or a corner, so that a slanted pole is one region and not
 * many. So a hole may be enclosed by pixels that touch only at corners, and the pixels of a hole
 * touch at sides.
 *
 * <p>To clean up a mask before coloring it or cutting something out:
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
   * <p>Void and background have regions too, so the regions cover the whole mask.
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
   * Merges regions that are too small into their neighbors.
   *
   * <p>A small region gets the category with which it shares the longest border, in pixel edges; if
   * several are equal, the lowest one. Only regions that are large enough count as neighbors. A
   * small region surrounded by small ones is merged after they have been. So every region of the
   * result is large enough.
   *
   * <p>Void pixels stay void, no matter how few are connected, because filling them would assign a
   * class that the model did not. A small region becomes void only if it has no other neighbor. If
   * the mask has neither void nor a region that is large enough, it does not change.
   *
   * @param mask the mask
   * @param labels its labels, which define what is void
   * @param minPixels the size of the smallest region to keep, 1 or more
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
   * Drops islands of foreground that are too small: small regions with alpha above 0, including
   * their soft edges, become background.
   *
   * @param alpha the mask
   * @param minPixels the size of the smallest island to keep, 1 or more
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
   * Fills the holes of a class: areas enclosed by its pixels get the class, whatever they contain,
   * including void.
   *
   * <p>A hole touches neither the picture's border nor, except at corners, anything outside. Note
   * that an object seen through a ring, or in front of a large object, is also a hole; use {@code
   * maxPixels} to fill only small flaws.
   *
   * @param mask the mask
   * @param category the class, 0 to 65535
   * @param maxPixels the size of the largest hole to fill, 1 or more; {@link Integer#MAX_VALUE}
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
   * Fills the holes of a foreground: pixels enclosed by alpha 255, including the holes' soft edges,
   * get alpha 255.
   *
   * <p>A hole touches neither the picture's border nor, except at corners, anything outside. Note
   * that the gap between an arm and a body is also a hole; use {@code maxPixels} to fill only small
   * flaws. Fill holes before feathering the mask, because soft pixels do not enclose anything.
   *
   * @param alpha the mask
   * @param maxPixels the size of the largest hole to fill, 1 or more; {@link Integer#MAX_VALUE}
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
