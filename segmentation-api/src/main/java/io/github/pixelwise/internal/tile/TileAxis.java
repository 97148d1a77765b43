package io.github.pixelwise.internal.tile;

import io.github.pixelwise.tile.Tiles;

/**
 * The tiles along one side of a picture: where each begins, and where each passes into the next.
 *
 * <p>All tiles have the same side. They follow each other at a fixed distance, except for the last
 * one, which ends with the picture and may overlap more.
 */
final class TileAxis {
  private final int pixels;
  private final int side;
  private final int step;
  private final int count;

  /** How many pixels it takes to pass from one tile into the next. */
  private final int transition;

  private TileAxis(int pixels, int side, int step, int count, int transition) {
    this.pixels = pixels;
    this.side = side;
    this.step = step;
    this.count = count;
    this.transition = transition;
  }

  /**
   * Divides a side.
   *
   * @param pixels the picture's side
   * @param blends whether tiles pass into each other gradually
   */
  static TileAxis of(int pixels, Tiles tiles, boolean blends) {
    int side = Math.min(pixels, tiles.size());
    int step = tiles.size() - tiles.overlap();
    int count = 1 + (pixels - side + step - 1) / step;
    return new TileAxis(pixels, side, step, count, blends ? tiles.overlap() / 2 : 0);
  }

  /** The side of each tile. */
  int side() {
    return side;
  }

  /** The number of tiles. */
  int count() {
    return count;
  }

  /** The first pixel of a tile. */
  int start(int tile) {
    return tile == count - 1 ? pixels - side : tile * step;
  }

  /** The first pixel that a tile shares with the one before; 0 for the first tile. */
  int from(int tile) {
    if (tile == 0) {
      return 0;
    }
    int shared = start(tile - 1) + side - start(tile);
    return start(tile) + (shared - transition) / 2;
  }

  /** The first pixel after those that a tile shares with the one before. */
  int alone(int tile) {
    return tile == 0 ? 0 : from(tile) + transition;
  }

  /** The first pixel that a tile shares with the next; the end of the picture for the last tile. */
  int to(int tile) {
    return tile == count - 1 ? pixels : from(tile + 1);
  }

  /** The weights of a tile for some pixels; at each pixel those of all tiles add up to 1. */
  float[] weights(int tile, int first, int length) {
    float[] weights = new float[length];
    for (int i = 0; i < length; i++) {
      float in = tile == 0 ? 1 : share(tile, first + i);
      float out = tile == count - 1 ? 0 : share(tile + 1, first + i);
      weights[i] = in - out;
    }
    return weights;
  }

  /** How much of a pixel belongs to a tile and those after it: half a Hann window. */
  private float share(int tile, int pixel) {
    double way = (pixel - from(tile) + 0.5) / transition;
    return pixel < from(tile)
        ? 0
        : pixel >= alone(tile) ? 1 : (float) (0.5 - 0.5 * Math.cos(Math.PI * way));
  }
}
