package io.github.pixelwise.evaluation;

import io.github.pixelwise.CategoryMask;
import java.util.OptionalInt;

/** What was counted along the boundaries of one image. */
final class BoundaryCounts {
  static BoundaryCounts of(
      CategoryMask truth,
      CategoryMask prediction,
      int classes,
      int ignoreIndex,
      OptionalInt pixels) {
    return new BoundaryCounts();
  }

  static BoundaryCounts ofLongs(long[] counts) {
    return new BoundaryCounts();
  }

  long[] toLongs() {
    return new long[0];
  }
}
