package io.github.pixelwise.evaluation;

import java.util.OptionalInt;

/**
 * How wide boundaries are.
 *
 * @param pixels the width; empty to take it from the image's diagonal
 */
record Boundary(OptionalInt pixels) {
  /** The word in journals and reports. */
  @Override
  public String toString() {
    return pixels.isPresent() ? Integer.toString(pixels.getAsInt()) : "auto";
  }
}
