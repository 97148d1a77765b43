package io.github.pixelwise.postprocess;

import io.github.pixelwise.AlphaMask;
import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.RgbImage;
import java.util.Objects;

/** Checks of arguments that several functions share. */
final class Checks {
  private Checks() {}

  private static void sameSize(RgbImage image, String what, int width, int height) {
    if (image.width() != width || image.height() != height) {
      throw new IllegalArgumentException(
          "the %s must have the image's size, %d x %d, found %d x %d"
              .formatted(what, image.width(), image.height(), width, height));
    }
  }

  /** A picture and its alpha mask. */
  static void pair(RgbImage image, AlphaMask alpha) {
    Objects.requireNonNull(image, "image");
    Objects.requireNonNull(alpha, "alpha");
    sameSize(image, "alpha mask", alpha.width(), alpha.height());
  }

  /** A picture and its mask. */
  static void pair(RgbImage image, CategoryMask mask) {
    Objects.requireNonNull(image, "image");
    Objects.requireNonNull(mask, "mask");
    sameSize(image, "mask", mask.width(), mask.height());
  }

  static void atLeast(int minimum, String what, int value) {
    if (value < minimum) {
      throw new IllegalArgumentException(
          "%s must be at least %d, found %d".formatted(what, minimum, value));
    }
  }

  static void category(int category) {
    if (category >>> 16 != 0) {
      throw new IllegalArgumentException("the category must lie in 0..65535, found " + category);
    }
  }
}
