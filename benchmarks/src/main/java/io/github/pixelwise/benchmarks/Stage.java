package io.github.pixelwise.benchmarks;

import java.util.Locale;

/** The steps from a photo's file to the files of its overlay and its cutout. */
enum Stage {
  /** From the JPEG file to pixels. */
  DECODE,
  /** Resizing and normalizing. */
  PREPARE,
  /** The network. */
  INFERENCE,
  /** From scores to categories. */
  DECODING,
  /** Coloring the categories and laying them over the photo. */
  COLOR,
  /** The soft alpha, and the foreground cut out with it. */
  COMPOSITE,
  /** Writing two PNG files. */
  ENCODE;

  /** The name in a table's header. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
