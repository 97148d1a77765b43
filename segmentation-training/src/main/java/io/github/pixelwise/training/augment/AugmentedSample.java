package io.github.pixelwise.training.augment;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.RgbImage;
import java.util.Objects;

/**
 * A changed photograph and its mask, of the same size.
 *
 * @param photo the photograph
 * @param mask its mask
 */
public record AugmentedSample(RgbImage photo, CategoryMask mask) {
  /**
   * Joins a photograph and its mask.
   *
   * @param photo the photograph
   * @param mask its mask
   */
  public AugmentedSample {
    Objects.requireNonNull(photo, "photo");
    Objects.requireNonNull(mask, "mask");
  }
}
