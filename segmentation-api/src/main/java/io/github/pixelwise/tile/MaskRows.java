package io.github.pixelwise.tile;

import io.github.pixelwise.CategoryMask;
import java.io.IOException;

/** Receives a mask in bands, from the top. */
@FunctionalInterface
public interface MaskRows {
  /**
   * Receives the next band.
   *
   * @param y the row of the picture where it begins
   * @param band the categories of these rows; as wide as the picture
   * @throws IOException if it cannot be kept
   */
  void take(int y, CategoryMask band) throws IOException;
}
