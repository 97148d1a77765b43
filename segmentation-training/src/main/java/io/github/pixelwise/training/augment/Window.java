package io.github.pixelwise.training.augment;

import io.github.pixelwise.internal.util.Sizes;
import java.util.random.RandomGenerator;

/** A part of a picture, which may reach beyond it. */
record Window(int left, int top, int width, int height) {
  /**
   * A window at a random place: within the scene along a side where the scene is larger, around it
   * where it is smaller.
   */
  static Window at(RandomGenerator random, int width, int height, Scene scene) {
    return new Window(
        start(random, width, scene.width()), start(random, height, scene.height()), width, height);
  }

  private static int start(RandomGenerator random, int side, int sceneSide) {
    int room = sceneSide - side;
    int start = (int) (random.nextDouble() * (Math.abs(room) + 1));
    return room < 0 ? -start : start;
  }

  int right() {
    return left + width;
  }

  int bottom() {
    return top + height;
  }

  /** The part of this window that lies within a picture; may be empty. */
  Window within(int pictureWidth, int pictureHeight) {
    int x = Math.max(0, left);
    int y = Math.max(0, top);
    return new Window(
        x, y, Math.min(pictureWidth, right()) - x, Math.min(pictureHeight, bottom()) - y);
  }

  /** The index of a pixel of the picture among those of this window. */
  int index(int x, int y) {
    return (y - top) * width + x - left;
  }

  boolean isEmpty() {
    return width < 1 || height < 1;
  }

  /** The length of an array with this many samples per pixel. */
  int samples(int perPixel) {
    return Sizes.samples(width, height, perPixel);
  }
}
