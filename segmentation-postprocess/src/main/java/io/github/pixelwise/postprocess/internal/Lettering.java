package io.github.pixelwise.postprocess.internal;

import java.util.ArrayList;
import java.util.List;

/**
 * Draws text on a picture: the points of each glyph, joined to their neighbors by strokes with
 * round ends. So letters are sharp at every size.
 */
public final class Lettering {
  /** The height of a line in units, in which a capital has 7. */
  public static final int LINE = Glyphs.ROWS;

  /** Half the width of a stroke in units. */
  private static final double RADIUS = 0.5;

  private record Stroke(double x, double y, double toX, double toY) {
    double squaredDistance(double px, double py) {
      double dx = toX - x;
      double dy = toY - y;
      double length = dx * dx + dy * dy;
      double along = length == 0 ? 0 : ((px - x) * dx + (py - y) * dy) / length;
      double at = Math.max(0, Math.min(1, along));
      double across = px - x - at * dx;
      double down = py - y - at * dy;
      return across * across + down * down;
    }
  }

  private final byte[] rgb;
  private final int width;
  private final int scale;

  /**
   * Draws on samples.
   *
   * @param rgb the picture's samples
   * @param width the picture's width
   * @param scale pixels for each unit
   */
  public Lettering(byte[] rgb, int width, int scale) {
    this.rgb = rgb;
    this.width = width;
    this.scale = scale;
  }

  /**
   * Measures a text.
   *
   * @param text the text
   * @return its width in units
   */
  public static int width(String text) {
    return Glyphs.of(text).size() * Glyphs.COLUMNS;
  }

  /**
   * Draws a line of text. What is outside the picture is cut off.
   *
   * @param text the text
   * @param left its left side in pixels
   * @param top the top of the line in pixels
   * @param color the color
   */
  public void draw(String text, int left, int top, int color) {
    List<boolean[]> glyphs = Glyphs.of(text);
    for (int i = 0; i < glyphs.size(); i++) {
      draw(strokes(glyphs.get(i)), left + i * Glyphs.COLUMNS * scale, top, color);
    }
  }

  private void draw(List<Stroke> strokes, int left, int top, int color) {
    int height = rgb.length / 3 / width;
    for (int y = 0; y < LINE * scale && top + y < height; y++) {
      for (int x = 0; x < Glyphs.COLUMNS * scale && left + x < width; x++) {
        double nearest = Double.MAX_VALUE;
        for (Stroke stroke : strokes) {
          nearest = Math.min(nearest, stroke.squaredDistance((x + 0.5) / scale, (y + 0.5) / scale));
        }
        double cover = Math.min(1, 0.5 + (RADIUS - Math.sqrt(nearest)) * scale);
        if (cover > 0) {
          blend(3 * ((top + y) * width + left + x), cover, color);
        }
      }
    }
  }

  private void blend(int index, double cover, int color) {
    for (int band = 0; band < 3; band++) {
      double below = rgb[index + band] & 0xff;
      double above = color >> (16 - 8 * band) & 0xff;
      rgb[index + band] = (byte) Math.round(below + cover * (above - below));
    }
  }

  /** Joins points to their neighbors; diagonally only where there is no way around the corner. */
  private static List<Stroke> strokes(boolean[] grid) {
    List<Stroke> strokes = new ArrayList<>();
    for (int y = 0; y < Glyphs.ROWS; y++) {
      for (int x = 0; x < Glyphs.COLUMNS; x++) {
        if (!is(grid, x, y)) {
          continue;
        }
        add(strokes, x, y, x, y);
        if (is(grid, x + 1, y)) {
          add(strokes, x, y, x + 1, y);
        }
        if (is(grid, x, y + 1)) {
          add(strokes, x, y, x, y + 1);
        }
        for (int dx = -1; dx <= 1; dx += 2) {
          if (is(grid, x + dx, y + 1) && !is(grid, x + dx, y) && !is(grid, x, y + 1)) {
            add(strokes, x, y, x + dx, y + 1);
          }
        }
      }
    }
    return strokes;
  }

  private static void add(List<Stroke> strokes, int x, int y, int toX, int toY) {
    strokes.add(new Stroke(x + 0.5, y + 0.5, toX + 0.5, toY + 0.5));
  }

  private static boolean is(boolean[] grid, int x, int y) {
    return x >= 0 && x < Glyphs.COLUMNS && y < Glyphs.ROWS && grid[y * Glyphs.COLUMNS + x];
  }
}
