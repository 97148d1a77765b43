package io.github.pixelwise.postprocess;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.internal.util.Rows;
import io.github.pixelwise.internal.util.Sizes;
import io.github.pixelwise.postprocess.internal.Runs;

/** Draws along the borders between categories: {@link Coloring#outline}. */
final class Outline {
  /** Stands for the color of categories that have no outline. */
  static final int NONE = -1;

  private static final int HIGHEST = 0xffff;

  private Outline() {}

  /**
   * @param colors the color of each category of the mask, or NONE
   */
  static RgbImage draw(RgbImage image, CategoryMask mask, int[] colors, int lineWidth) {
    int width = mask.width();
    int height = mask.height();
    byte[] rgb = new byte[Sizes.samples(width, height, 3)];
    Runs.Source flipped =
        (y, row) -> {
          mask.copyRow(y, row, 0);
          for (int x = 0; x < width; x++) {
            row[x] = HIGHEST - row[x];
          }
        };
    Rows.inParallel(
        height,
        DiscMaximum.minimumBand(lineWidth, height),
        (from, to) -> {
          DiscMaximum highest =
              new DiscMaximum(
                  width, height, (y, row) -> mask.copyRow(y, row, 0), lineWidth, from, to);
          DiscMaximum lowest = new DiscMaximum(width, height, flipped, lineWidth, from, to);
          int[] categories = new int[width];
          for (int y = from, i = from * width * 3; y < to; y++) {
            image.copyRow(y, rgb, i);
            mask.copyRow(y, categories, 0);
            int[] high = highest.nextRow();
            int[] low = lowest.nextRow();
            for (int x = 0; x < width; x++, i += 3) {
              // Unless the disc's highest category and its lowest are one, it holds another.
              int color = high[x] + low[x] == HIGHEST ? NONE : colors[categories[x]];
              if (color != NONE) {
                rgb[i] = (byte) (color >> 16);
                rgb[i + 1] = (byte) (color >> 8);
                rgb[i + 2] = (byte) color;
              }
            }
          }
        });
    return RgbImage.of(width, height, rgb);
  }
}
