package io.github.pixelwise.benchmarks;

import java.util.Locale;

/** The steps from a photograph's file to the files of its overlay and its cut-out. */
enum Stage {
  /** From the JPEG file to pixels. */
  DECODE,
  /** Resizing and normalising. */
  PREPARE,
  /** The network. */
  INFERENCE,
  /** From scores to categories. */
  DECODING,
  /** Colouring the categories and laying them over the photograph. */
  COLOR,
  /** The soft alpha, and the foreground cut out with it. */
  COMPOSITE,
  /** Writing two PNG files. */
  ENCODE;

  /** As in a table's header. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
