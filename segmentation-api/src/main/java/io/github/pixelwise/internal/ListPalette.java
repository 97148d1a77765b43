package io.github.pixelwise.internal;

import io.github.pixelwise.Palette;
import java.util.List;

/**
 * The palette behind {@link Palette#of}.
 *
 * @param colors the colours in the order of the categories
 */
public record ListPalette(List<Integer> colors) implements Palette {
  /** Checks the colours. */
  public ListPalette {
    colors = List.copyOf(colors);
    if (colors.isEmpty()) {
      throw new IllegalArgumentException("a palette needs at least one colour, found none");
    }
    for (int rgb : colors) {
      if (rgb >>> 24 != 0) {
        throw new IllegalArgumentException(
            "colours must lie in 0..0xffffff, found 0x" + Integer.toHexString(rgb));
      }
    }
  }

  @Override
  public int rgb(int category) {
    return category < colors.size() ? colors.get(category) : vocColor(category);
  }

  /** The colour that PASCAL VOC's development kit gives a category. */
  static int vocColor(int category) {
    int rgb = 0;
    for (int bit = 7, rest = category; bit >= 0; bit--, rest >>= 3) {
      rgb |= (rest & 1) << (16 + bit) | (rest >> 1 & 1) << (8 + bit) | (rest >> 2 & 1) << bit;
    }
    return rgb;
  }
}
