package io.github.pixelwise.training.augment;

/**
 * Changes colors in place, with exactly the same results as Pillow's {@code ImageEnhance} and
 * {@code convert}, and torchvision's functions for Pillow's images. Samples are R, G, B.
 */
final class ColorChanges {
  private ColorChanges() {}

  /** {@code ImageEnhance.Brightness}: between black (0) and the photo (1), and beyond. */
  static void brightness(byte[] rgb, double factor) {
    lookUp(rgb, 0, (float) factor);
  }

  /** {@code ImageEnhance.Contrast}: between the photo's mean gray (0) and the photo (1). */
  static void contrast(byte[] rgb, double factor) {
    long sum = 0;
    for (int i = 0; i < rgb.length; i += 3) {
      sum += luma(rgb, i);
    }
    int pixels = rgb.length / 3;
    lookUp(rgb, (int) ((double) sum / pixels + 0.5), (float) factor);
  }

  private static void lookUp(byte[] rgb, int from, float factor) {
    byte[] table = new byte[256];
    for (int sample = 0; sample < table.length; sample++) {
      table[sample] = blend(from, sample, factor);
    }
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = table[rgb[i] & 0xff];
    }
  }

  /** {@code ImageEnhance.Color}: between the photo in gray (0) and the photo (1). */
  static void saturation(byte[] rgb, double factor) {
    for (int i = 0; i < rgb.length; i += 3) {
      int gray = luma(rgb, i);
      for (int channel = i; channel < i + 3; channel++) {
        rgb[channel] = blend(gray, rgb[channel] & 0xff, (float) factor);
      }
    }
  }

  /** {@code Image.blend}, in floats; it cuts off fractions. */
  private static byte blend(int from, int to, float factor) {
    float blended = from + factor * (to - from);
    return (byte) (int) Math.max(0, Math.min(255, blended));
  }

  /** {@code convert("L")}. */
  static void gray(byte[] rgb) {
    for (int i = 0; i < rgb.length; i += 3) {
      byte gray = (byte) luma(rgb, i);
      rgb[i] = gray;
      rgb[i + 1] = gray;
      rgb[i + 2] = gray;
    }
  }

  /** The luma of ITU-R BT.601 in fixed point. */
  private static int luma(byte[] rgb, int i) {
    return ((rgb[i] & 0xff) * 19595
            + (rgb[i + 1] & 0xff) * 38470
            + (rgb[i + 2] & 0xff) * 7471
            + (1 << 15))
        >> 16;
  }

  /** torchvision's {@code adjust_hue}: turns the hue in Pillow's HSV, -0.5 to 0.5. */
  static void hue(byte[] rgb, double factor) {
    int shift = (int) (factor * 255);
    for (int i = 0; i < rgb.length; i += 3) {
      shiftHue(rgb, i, shift);
    }
  }

  /** Where a number is a float or a double, Pillow (libImaging/Convert.c) has it so, too. */
  private static void shiftHue(byte[] rgb, int i, int shift) {
    int red = rgb[i] & 0xff;
    int green = rgb[i + 1] & 0xff;
    int blue = rgb[i + 2] & 0xff;
    int max = Math.max(red, Math.max(green, blue));
    int min = Math.min(red, Math.min(green, blue));
    if (min == max) {
      return; // gray has no hue
    }
    float range = max - min;
    int saturation = (int) (range / max * 255.0);
    if (saturation == 0) {
      set(rgb, i, max, max, max);
      return;
    }
    int hue = ((int) (hue(red, green, blue, max, range) * 255.0) + shift) & 0xff;
    int sector = (int) Math.floor(hue * 6.0 / 255);
    float fraction = (float) (hue * 6.0 / 255 - sector);
    float share = (float) (saturation / 255.0);
    int p = (int) Math.round(max * (1.0 - share));
    int q = (int) Math.round(max * (1.0 - share * fraction));
    int t = (int) Math.round(max * (1.0 - share * (1.0 - fraction)));
    switch (sector % 6) {
      case 0 -> set(rgb, i, max, t, p);
      case 1 -> set(rgb, i, q, max, p);
      case 2 -> set(rgb, i, p, max, t);
      case 3 -> set(rgb, i, p, q, max);
      case 4 -> set(rgb, i, t, p, max);
      default -> set(rgb, i, max, p, q);
    }
  }

  /** The hue, 0 (inclusive) to 1 (exclusive). */
  private static float hue(int red, int green, int blue, int max, float range) {
    float fromRed = (max - red) / range;
    float fromGreen = (max - green) / range;
    float fromBlue = (max - blue) / range;
    float sixths;
    if (red == max) {
      sixths = fromBlue - fromGreen;
    } else if (green == max) {
      sixths = (float) (2.0 + fromRed - fromBlue);
    } else {
      sixths = (float) (4.0 + fromGreen - fromRed);
    }
    return (float) ((sixths / 6.0 + 1.0) % 1.0);
  }

  /** Sets the samples of a pixel; of each number, the lowest eight bits. */
  static void set(byte[] rgb, int i, int red, int green, int blue) {
    rgb[i] = (byte) red;
    rgb[i + 1] = (byte) green;
    rgb[i + 2] = (byte) blue;
  }
}
