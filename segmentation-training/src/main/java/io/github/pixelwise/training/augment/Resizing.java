package io.github.pixelwise.training.augment;

import java.util.random.RandomGenerator;

/** How photos are resized, before scale and aspect ratio. */
record Resizing(Kind kind, int first, int second) {
  static final Resizing NONE = new Resizing(Kind.NONE, 0, 0);

  /** What the two numbers are. */
  enum Kind {
    NONE,
    /** The range of the short edge. */
    SHORT_EDGE,
    /** Width and height. */
    STRETCH,
    /** The width and height that the photo must fit into. */
    FIT
  }

  static Resizing of(Kind kind, int width, int height) {
    Range.require("the width of a photograph", width, 1, 8192);
    Range.require("the height of a photograph", height, 1, 8192);
    return new Resizing(kind, width, height);
  }

  /** The new width and height. */
  int[] size(int width, int height, RandomGenerator random) {
    return switch (kind) {
      case NONE -> new int[] {width, height};
      case SHORT_EDGE -> {
        int edge = first + (int) (random.nextDouble() * (second - first + 1));
        // As torchvision's resize: the long edge is rounded down.
        yield width <= height
            ? new int[] {edge, (int) ((long) edge * height / width)}
            : new int[] {(int) ((long) edge * width / height), edge};
      }
      case STRETCH -> new int[] {first, second};
      case FIT -> {
        double factor = Math.min((double) first / width, (double) second / height);
        yield new int[] {
          (int) Math.max(1, Math.rint(width * factor)),
          (int) Math.max(1, Math.rint(height * factor))
        };
      }
    };
  }
}
