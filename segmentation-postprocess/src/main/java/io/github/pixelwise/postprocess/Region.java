package io.github.pixelwise.postprocess;

import io.github.pixelwise.postprocess.ClassStatistics.Box;
import java.util.Objects;

/**
 * A connected part of a mask: pixels of one category that touch at a side or a corner.
 *
 * @param category the category
 * @param pixels the number of its pixels
 * @param box the smallest box around them
 */
public record Region(int category, long pixels, Box box) {
  /**
   * Creates a region.
   *
   * @param category the category
   * @param pixels the number of its pixels
   * @param box the smallest box around them
   */
  public Region {
    Objects.requireNonNull(box, "box");
  }
}
