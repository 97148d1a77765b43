package io.github.pixelwise.postprocess;

import java.util.BitSet;

/**
 * A picture at a size of {@code 2^-shift}, rounded up, and the square tiles of it that are worked
 * on.
 *
 * @param shift 0 for the picture's own size
 * @param width the width in pixels
 * @param height the height in pixels
 * @param tiles the tiles, counted row by row
 */
record LayerLevel(int shift, int width, int height, BitSet tiles) {
  /** A power of two. A level that is small in the authors' sense is a single tile. */
  static final int TILE = 32;

  // The defaults of the authors' own library, PyMatting (estimate_foreground_ml).
  private static final int SMALL_ITERATIONS = 10;
  private static final int BIG_ITERATIONS = 2;

  int iterations() {
    return Math.max(width, height) <= TILE ? SMALL_ITERATIONS : BIG_ITERATIONS;
  }

  int columns() {
    return columns(width);
  }

  /** How many tiles lie side by side, or one below the other. */
  static int columns(int side) {
    return (side + TILE - 1) / TILE;
  }

  /** The level of half the size, and those of its tiles that this one's begin with. */
  LayerLevel parent() {
    int parentWidth = (width + 1) / 2;
    int parentHeight = (height + 1) / 2;
    BitSet parents = new BitSet();
    tiles.stream()
        .mapToObj(tile -> Area.of(this, tile).withMargin(this))
        .forEach(
            area -> {
              for (int y = area.top / 2 / TILE; y <= (area.bottom - 1) / 2 / TILE; y++) {
                int row = y * columns(parentWidth);
                parents.set(row + area.left / 2 / TILE, row + (area.right - 1) / 2 / TILE + 1);
              }
            });
    return new LayerLevel(shift + 1, parentWidth, parentHeight, parents);
  }

  /** Pixels of a level: from left and top (inclusive) to right and bottom (exclusive). */
  record Area(int left, int top, int right, int bottom) {
    static Area of(LayerLevel level, int tile) {
      int left = tile % level.columns() * TILE;
      int top = tile / level.columns() * TILE;
      return new Area(
          left, top, Math.min(level.width, left + TILE), Math.min(level.height, top + TILE));
    }

    /** Adds all pixels that affect these: each half of an iteration reaches one pixel further. */
    Area withMargin(LayerLevel level) {
      int margin = 2 * level.iterations();
      return new Area(
          Math.max(0, left - margin),
          Math.max(0, top - margin),
          Math.min(level.width, right + margin),
          Math.min(level.height, bottom + margin));
    }

    int width() {
      return right - left;
    }

    int height() {
      return bottom - top;
    }

    int index(int x, int y) {
      return (y - top) * width() + x - left;
    }
  }
}
