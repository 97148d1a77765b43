package io.github.pixelwise.postprocess;

import io.github.pixelwise.RgbImage;
import io.github.pixelwise.SegmentationResult;
import io.github.pixelwise.internal.util.Sizes;
import io.github.pixelwise.postprocess.internal.Lettering;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Puts text below pictures, on white. Its size is in proportion to the picture's longer side. The
 * letters are part of the library, so that they look the same on every machine; those that are not
 * Latin are boxes.
 */
public final class Captions {
  private static final int TEXT = 0x202020;
  private static final int FRAME = 0xa0a0a0;
  private static final byte WHITE = (byte) 255;

  /** A picture of this length has text of the smallest size, in which capitals have 7 pixels. */
  private static final int SIDE = 320;

  // In units, of which a capital has 7:
  private static final int MARGIN = 4;
  private static final int SWATCH = 9;
  private static final int SWATCH_TOP = 2;
  private static final int GAP = 4;
  private static final int BETWEEN = 10;

  /** A word, with a color before it or without. */
  private record Item(int color, String text) {
    int width() {
      return (color < 0 ? 0 : SWATCH + GAP) + Lettering.width(text);
    }
  }

  private Captions() {}

  /**
   * Puts a text below a picture.
   *
   * @param picture the picture
   * @param text the text; what is wider than the picture continues in the next line
   * @return a picture of the same width, and higher by the text
   */
  public static RgbImage below(RgbImage picture, String text) {
    Objects.requireNonNull(picture, "picture");
    int units = units(picture);
    List<Item> lines = new ArrayList<>();
    String line = "";
    for (String word : text.strip().split("\\s+", -1)) {
      String longer = line.isEmpty() ? word : line + " " + word;
      if (!line.isEmpty() && Lettering.width(longer) > units) {
        lines.add(new Item(-1, line));
        longer = word;
      }
      line = longer;
    }
    lines.add(new Item(-1, line));
    return draw(picture, lines.stream().map(List::of).toList());
  }

  /**
   * Puts a legend below an overlay: the color, name, and share of each class that {@link
   * Coloring#overlay(RgbImage, SegmentationResult, double)} shows, the largest share first.
   *
   * @param picture the overlay
   * @param result the result that it shows
   * @return a picture of the same width, and higher by the legend; the overlay itself if it shows
   *     no class
   */
  public static RgbImage legend(RgbImage picture, SegmentationResult result) {
    Objects.requireNonNull(picture, "picture");
    List<Item> items =
        ClassStatistics.of(result.mask(), result.labels()).stream()
            .filter(found -> Coloring.isVisible(found.category(), result))
            .sorted(Comparator.comparingLong(ClassStatistics::pixels).reversed())
            .map(
                found ->
                    new Item(
                        result.palette().rgb(found.category()),
                        found.name() + " " + percent(found.share())))
            .toList();
    return items.isEmpty() ? picture : draw(picture, lines(items, units(picture)));
  }

  private static String percent(double share) {
    return share < 0.01 ? "<1 %" : String.format(Locale.ROOT, "%.0f %%", 100 * share);
  }

  private static int scale(RgbImage picture) {
    return Math.max(1, Math.round(Math.max(picture.width(), picture.height()) / (float) SIDE));
  }

  /** The width for text, in units. */
  private static int units(RgbImage picture) {
    return picture.width() / scale(picture) - 2 * MARGIN;
  }

  private static List<List<Item>> lines(List<Item> items, int units) {
    List<List<Item>> lines = new ArrayList<>();
    int left = 0;
    for (Item item : items) {
      if (lines.isEmpty() || left + item.width() > units) {
        lines.add(new ArrayList<>());
        left = 0;
      }
      lines.get(lines.size() - 1).add(item);
      left += item.width() + BETWEEN;
    }
    return lines;
  }

  private static RgbImage draw(RgbImage picture, List<List<Item>> lines) {
    int scale = scale(picture);
    int width = picture.width();
    int height = picture.height() + (lines.size() * Lettering.LINE + 2 * MARGIN) * scale;
    byte[] rgb = new byte[Sizes.samples(width, height, 3)];
    for (int y = 0; y < picture.height(); y++) {
      picture.copyRow(y, rgb, 3 * y * width);
    }
    Arrays.fill(rgb, 3 * picture.height() * width, rgb.length, WHITE);
    Lettering lettering = new Lettering(rgb, width, scale);
    int top = picture.height() + MARGIN * scale;
    for (List<Item> line : lines) {
      int left = MARGIN;
      for (Item item : line) {
        int text = left;
        if (item.color >= 0) {
          int x = left * scale;
          int y = top + SWATCH_TOP * scale;
          int thickness = Math.max(1, scale / 2);
          fill(rgb, width, x, y, SWATCH * scale, FRAME);
          fill(
              rgb, width, x + thickness, y + thickness, SWATCH * scale - 2 * thickness, item.color);
          text += SWATCH + GAP;
        }
        lettering.draw(item.text, text * scale, top, TEXT);
        left += item.width() + BETWEEN;
      }
      top += Lettering.LINE * scale;
    }
    return RgbImage.of(width, height, rgb);
  }

  private static void fill(byte[] rgb, int width, int left, int top, int side, int color) {
    for (int y = top; y < top + side; y++) {
      for (int x = left; x < Math.min(width, left + side); x++) {
        int i = 3 * (y * width + x);
        rgb[i] = (byte) (color >> 16);
        rgb[i + 1] = (byte) (color >> 8);
        rgb[i + 2] = (byte) color;
      }
    }
  }
}
