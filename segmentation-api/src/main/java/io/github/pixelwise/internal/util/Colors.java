package io.github.pixelwise.internal.util;

/** Checks of colors. */
public final class Colors {
  private Colors() {}

  /** Returns a color after checking that it has the form 0xRRGGBB. */
  public static int require(String what, int rgb) {
    if (rgb >>> 24 != 0) {
      throw new IllegalArgumentException(
          "%s must lie in 0..0xffffff, found 0x%x".formatted(what, rgb));
    }
    return rgb;
  }
}
