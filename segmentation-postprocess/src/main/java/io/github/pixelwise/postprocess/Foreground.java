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
   * <p>In {@code C = a * F + (1 - a) * B}, C is the picture and a its mask. F and B are chosen to
   * vary little from pixel to pixel, especially where alpha changes: first at the size of a single
   * pixel, then at double the size each time, starting with the previous colors. The result depends
   * neither on the number of threads nor on the machine.
   *
   * <p>Give the result to {@link Compositing#cutout} or {@link Compositing#over(RgbImage,
   * AlphaMask, int) over} instead of the picture:
   *
   * <pre>{@code
   * RgbaImage cutout = Compositing.cutout(Foreground.estimate(photo, alpha), alpha);
   * }</pre>
   *
   * <p>Needs up to 10 bytes per pixel in addition to the result. Memory and time grow with the soft
   * part of the mask.
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
