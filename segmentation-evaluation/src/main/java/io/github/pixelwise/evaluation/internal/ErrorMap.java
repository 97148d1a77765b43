package io.github.pixelwise.evaluation.internal;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.RgbImage;

/**
 * Shows which pixels are right. The colors differ in brightness, too, so that color-blind people
 * can tell them apart.
 */
public final class ErrorMap {
  public static final int RIGHT = 0x2c5f8a;
  public static final int WRONG = 0xf5a623;
  public static final int VOID = 0xd9dcdf;

  private ErrorMap() {}

  public static RgbImage of(CategoryMask truth, CategoryMask prediction, int ignoreIndex) {
    int[] truths = truth.toIntArray();
    int[] predictions = prediction.toIntArray();
    byte[] rgb = new byte[truths.length * 3];
    for (int i = 0; i < truths.length; i++) {
      int color = truths[i] == ignoreIndex ? VOID : truths[i] == predictions[i] ? RIGHT : WRONG;
      rgb[3 * i] = (byte) (color >> 16);
      rgb[3 * i + 1] = (byte) (color >> 8);
      rgb[3 * i + 2] = (byte) color;
    }
    return RgbImage.of(truth.width(), truth.height(), rgb);
  }
}
