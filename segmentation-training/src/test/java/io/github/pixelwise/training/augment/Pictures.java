package io.github.pixelwise.training.augment;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.RgbImage;

/** Generated pictures and masks, as in {@code src/test/python/augment_golden.py}. */
final class Pictures {
  private Pictures() {}

  static RgbImage noise(int width, int height, int seed) {
    byte[] samples = new byte[width * height * 3];
    int s = seed;
    for (int i = 0; i < samples.length; i++) {
      s = s * 1664525 + 1013904223;
      samples[i] = (byte) (s >>> 24);
    }
    return RgbImage.of(width, height, samples);
  }

  static RgbImage cube() {
    byte[] samples = new byte[512 * 512 * 3];
    for (int i = 0; i < 512 * 512; i++) {
      samples[i * 3] = (byte) (4 * (i & 63) + 1);
      samples[i * 3 + 1] = (byte) (4 * (i >> 6 & 63) + 2);
      samples[i * 3 + 2] = (byte) (4 * (i >> 12));
    }
    return RgbImage.of(512, 512, samples);
  }

  /** Categories of 0 to 4095. */
  static CategoryMask mask(int width, int height, int seed) {
    int[] categories = new int[width * height];
    int s = seed;
    for (int i = 0; i < categories.length; i++) {
      s = s * 1664525 + 1013904223;
      categories[i] = s >>> 20;
    }
    return CategoryMask.copyOf(width, height, categories);
  }
}
