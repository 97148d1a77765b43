package io.github.pixelwise.zoo.network;

/** How numbers of channels follow from a network's width. */
final class Widths {
  private Widths() {}

  /** The nearest whole number, halves up, at least 1. */
  static int scaled(int channels, double width) {
    return Math.max(1, (int) Math.floor(channels * width + 0.5));
  }
}
