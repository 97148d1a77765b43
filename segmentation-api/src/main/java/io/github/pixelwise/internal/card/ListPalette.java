package io.github.pixelwise.internal.card;

import io.github.pixelwise.Palette;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The palette behind {@link Palette#of}. Palettes are equal if they give every category the same
 * color, even if one lists more of the colors that {@link #vocColor} would give.
 *
 * @param colors the colors in the order of the categories
 */
public record ListPalette(List<Integer> colors) implements Palette {
  /** Checks the colors. */
  public ListPalette {
    colors = List.copyOf(colors);
    if (colors.isEmpty()) {
      throw new IllegalArgumentException("a palette needs at least one color, found none");
    }
    for (int rgb : colors) {
      if (rgb >>> 24 != 0) {
        throw new IllegalArgumentException(
            "colors must lie in 0..0xffffff, found 0x" + Integer.toHexString(rgb));
      }
    }
  }

  @Override
  public int rgb(int category) {
    return category < colors.size() ? colors.get(category) : vocColor(category);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ListPalette that && distinct().equals(that.distinct());
  }

  @Override
  public int hashCode() {
    return distinct().hashCode();
  }

  /** The colors up to the last that is not {@link #vocColor}'s. */
  private List<Integer> distinct() {
    int size = colors.size();
    while (size > 0 && colors.get(size - 1) == vocColor(size - 1)) {
      size--;
    }
    return colors.subList(0, size);
  }

  /** The color that PASCAL VOC's development kit gives a category. */
  static int vocColor(int category) {
    int rgb = 0;
    for (int bit = 7, rest = category; bit >= 0; bit--, rest >>= 3) {
      rgb |= (rest & 1) << (16 + bit) | (rest >> 1 & 1) << (8 + bit) | (rest >> 2 & 1) << bit;
    }
    return rgb;
  }
}
