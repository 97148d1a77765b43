package io.github.pixelwise.network.internal.architecture;

/** Rules for scaling numbers of channels by a network's width. */
final class Widths {
  private Widths() {}

  /** Rounded down, at least 1: the rule of MobileNetV2 in jfzhang95/pytorch-deeplab-xception. */
  static int truncated(int channels, double width) {
    return Math.max(1, (int) (channels * width));
  }

  /**
   * Rounded to the nearest multiple of 8, halves up, at least 8 and at least 0.9 times the exact
   * value: the rule of MobileNetV3 in torchvision and in the authors' code.
   */
  static int multipleOf8(int channels, double width) {
    double asked = channels * width;
    int nearest = Math.max(8, (int) (asked + 4) / 8 * 8);
    return nearest < 0.9 * asked ? nearest + 8 : nearest;
  }
}
