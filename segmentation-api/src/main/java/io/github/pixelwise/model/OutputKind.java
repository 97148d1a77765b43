package io.github.pixelwise.model;

/** What the numbers of an output mean. */
public enum OutputKind {
  /** One channel per class, two or more, unbounded; the highest wins. */
  LOGITS,
  /**
   * One channel per class, two or more, each 0 to 1, their sum 1 (softmax in the network); the
   * highest wins.
   */
  PROBABILITIES,
  /**
   * A single channel, 0 to 1 (sigmoid in the network): the probability of class 1; below the
   * threshold, the pixel is class 0.
   */
  SIGMOID,
  /**
   * A single channel, unbounded (no sigmoid in the network): the sigmoid of the interpolated number
   * is the probability of class 1, to which the threshold applies as for {@link #SIGMOID}.
   */
  BINARY_LOGITS,
  /**
   * The class itself (arg-max in the network) as a whole number, with or without a channel axis.
   */
  CATEGORIES;

  /**
   * Returns whether a single channel decides between class 0 and class 1.
   *
   * @return true for {@link #SIGMOID} and {@link #BINARY_LOGITS}
   */
  public boolean isBinary() {
    return this == SIGMOID || this == BINARY_LOGITS;
  }
}
