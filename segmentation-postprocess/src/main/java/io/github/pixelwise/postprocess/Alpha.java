package io.github.pixelwise.postprocess;

import io.github.pixelwise.AlphaMask;
import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.LabelMap;
import io.github.pixelwise.internal.Names;
import io.github.pixelwise.internal.Rows;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Objects;

/** Makes alpha masks: which pixels to keep, and how softly. */
public final class Alpha {
  private static final String BACKGROUND = "background";

  private Alpha() {}

  /**
   * Keeps everything but the class named background and void pixels.
   *
   * @param mask the mask
   * @param labels the names of its categories
   * @return a mask of the same size, 255 for pixels to keep, 0 for others
   * @throws IllegalArgumentException if no class is named background, as in Cityscapes, where each
   *     pixel shows something: say what the foreground is by {@link #ofClasses}
   */
  public static AlphaMask foreground(CategoryMask mask, LabelMap labels) {
    Objects.requireNonNull(mask, "mask");
    Objects.requireNonNull(labels, "labels");
    int background =
        labels
            .find(BACKGROUND)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "no class is named \"%s\", so there is no telling the foreground; name its"
                                .formatted(BACKGROUND)
                            + " classes to Alpha.ofClasses. "
                            + classes(labels)));
    BitSet kept = new BitSet();
    kept.set(0, 1 << 16);
    kept.clear(background);
    kept.clear(labels.ignoreIndex());
    return of(mask, kept);
  }

  /**
   * Keeps some classes.
   *
   * @param mask the mask
   * @param labels the names of its categories
   * @param names the names of the classes to keep, in whatever case
   * @return a mask of the same size, 255 for pixels to keep, 0 for others
   * @throws IllegalArgumentException if no class has one of the names; the message lists those
   *     there are
   */
  public static AlphaMask ofClasses(CategoryMask mask, LabelMap labels, String... names) {
    Objects.requireNonNull(labels, "labels");
    int[] categories = Arrays.stream(names).mapToInt(name -> category(labels, name)).toArray();
    return ofCategories(mask, categories);
  }

  /**
   * Keeps some categories.
   *
   * @param mask the mask
   * @param categories the categories to keep, each 0 to 65535
   * @return a mask of the same size, 255 for pixels to keep, 0 for others
   * @throws IllegalArgumentException if a category lies outside 0..65535
   */
  public static AlphaMask ofCategories(CategoryMask mask, int... categories) {
    Objects.requireNonNull(mask, "mask");
    BitSet kept = new BitSet();
    for (int category : categories) {
      if (category >>> 16 != 0) {
        throw new IllegalArgumentException("categories must lie in 0..65535, found " + category);
      }
      kept.set(category);
    }
    return of(mask, kept);
  }

  /**
   * Softens a mask's edges.
   *
   * @param alpha the mask
   * @param blur how softly
   * @return a mask of the same size
   */
  public static AlphaMask feather(AlphaMask alpha, GaussianBlur blur) {
    Objects.requireNonNull(alpha, "alpha");
    Objects.requireNonNull(blur, "blur");
    return blur.apply(alpha);
  }

  private static AlphaMask of(CategoryMask mask, BitSet kept) {
    int width = mask.width();
    byte[] alpha = new byte[width * mask.height()];
    Rows.inParallel(
        mask.height(),
        16,
        (from, to) -> {
          Runs runs = new Runs(mask);
          for (int y = from; y < to; y++) {
            int start = y * width;
            runs.visitRow(
                y,
                (category, left, right) -> {
                  if (kept.get(category)) {
                    Arrays.fill(alpha, start + left, start + right, (byte) 255);
                  }
                });
          }
        });
    return AlphaMask.of(width, mask.height(), alpha);
  }

  private static int category(LabelMap labels, String name) {
    return labels
        .find(name)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no class is named \"%s\"%s. %s"
                        .formatted(name, Names.suggestion(name, labels.names()), classes(labels))));
  }

  private static String classes(LabelMap labels) {
    return "Classes: " + String.join(", ", labels.names()) + ".";
  }
}
