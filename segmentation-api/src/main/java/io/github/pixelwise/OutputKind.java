package io.github.pixelwise;

/** What the numbers of an output mean. */
public enum OutputKind {
  /** One channel a class, unbounded; the highest wins. */
  LOGITS,
  /** One channel a class, each 0 to 1, their sum 1 (softmax in the network); the highest wins. */
  PROBABILITIES,
  /**
   * A single channel, 0 to 1 (sigmoid in the network): the probability of class 1; where it stays
   * below the threshold the pixel is of class 0.
   */
  SIGMOID,
  /**
   * The class itself (arg-max in the network), as whole numbers; with or without a channel axis.
   */
  CATEGORIES
}
