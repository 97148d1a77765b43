package io.github.pixelwise.postprocess;

import io.github.pixelwise.AlphaMask;
import io.github.pixelwise.RgbImage;

/**
 * Estimates a foreground's own colors where it is mixed with the background, so that a cutout of
 * dark hair on white does not glow on black.
 */
public final class Foreground {
  private Foreground() {}

  /**
   * Estimates the foreground's colors by multi-level foreground estimation (T. Germer, T. Uelwer,
   * S. Conrad, S. Harmeling: "Fast Multi-Level Foreground Estimation", ICPR 2020,
   * arXiv:2006.14970).
   *
   * <p>In {@code C = a * F + (1 - a) * B}, a picture gives C and its mask a. F and B are found so
   * that both vary little from pixel to pixel, least so where alpha changes: first at the size of a
   * single pixel, then at twice the size each time, beginning with the colors found before. The
   * result hangs neither on the number of threads nor on the machine.
   *
   * <p>Give the result to {@link Compositing#cutout} or {@link Compositing#over(RgbImage,
   * AlphaMask, int) over} in the picture's stead:
   *
   * <pre>{@code
   * RgbaImage cutout = Compositing.cutout(Foreground.estimate(photo, alpha), alpha);
   * }</pre>
   *
   * <p>Needs up to 10 bytes a pixel besides the result. Memory and time grow with the soft part of
   * the mask.
   *
   * @param image the picture
   * @param alpha its foreground
   * @return a picture of the same size: the foreground's estimated colors where alpha is neither 0
   *     nor 255, elsewhere those of {@code image}; {@code image} itself if there is nothing to
   *     estimate
   * @throws IllegalArgumentException if the sizes differ
   */
  public static RgbImage estimate(RgbImage image, AlphaMask alpha) {
    Checks.pair(image, alpha);
    return Layers.estimate(image, alpha).foreground();
  }
}
