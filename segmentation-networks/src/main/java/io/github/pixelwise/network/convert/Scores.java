package io.github.pixelwise.network.convert;

/** The result that a converted network outputs. */
public enum Scores {
  /**
   * The scores on the network's own grid, before upsampling to the input's size. This is the
   * smallest output and the one that decoding works best with. Networks that do not end with
   * upsampling output scores at the input's size.
   */
  GRID,

  /** The scores at the input's size. */
  INPUT,

  /** The best class of each input pixel, computed by the network. */
  CATEGORIES
}
