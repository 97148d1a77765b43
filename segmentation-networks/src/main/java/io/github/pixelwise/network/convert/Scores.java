package io.github.pixelwise.network.convert;

/** Which of a network's results is written as its output. */
public enum Scores {
  /**
   * The scores on the network's own grid, before they are upsampled to the input's size: the
   * smallest output, and what decoding wants. Networks that do not end by upsampling give theirs at
   * the input's size.
   */
  GRID,

  /** The scores at the input's size. */
  INPUT,

  /** The best class of every input pixel, decided in the graph. */
  CATEGORIES
}
