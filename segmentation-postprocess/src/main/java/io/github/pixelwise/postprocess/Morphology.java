package io.github.pixelwise.postprocess;

import io.github.pixelwise.AlphaMask;
import io.github.pixelwise.internal.util.Rows;
import io.github.pixelwise.postprocess.internal.Runs;
import java.util.Objects;

/**
 * Makes the foreground smaller or larger, and smooths its outline.
 *
 * <p>All methods use the pixels within a disc: those whose centers are at most {@code radius}
 * pixels away, {@code dx * dx + dy * dy <= radius * radius}. (At radius 1 these are the pixel and
 * its four neighbors. A square would move diagonal edges farther than vertical ones.) Pixels
 * outside the picture are ignored, so a picture's border is not an edge. Values between 0 and 255
 * are supported: soft edges stay soft.
 *
 * <p>They are OpenCV's {@code erode}, {@code dilate} and {@code morphologyEx} with such a disc as
 * the kernel (scikit-image's {@code disk(radius)}, not OpenCV's {@code MORPH_ELLIPSE}) and its
 * default border. Time grows with the radius.
 *
 * <p>They work on a single foreground. For a class of a mask, create one with {@link
 * Alpha#ofClasses}. To decide which class replaces removed pixels, use {@link Regions}.
 */
public final class Morphology {
  private Morphology() {}

  /**
   * Makes the foreground smaller by {@code radius} pixels on all sides: a pixel gets the smallest
   * alpha within the disc around it. This removes a rim of background around a cutout.
   *
   * @param alpha the mask
   * @param radius in pixels, 0 or more
   * @return a mask of the same size
   * @throws IllegalArgumentException if the radius is below 0
   */
  public static AlphaMask erode(AlphaMask alpha, int radius) {
    return filter(alpha, radius, 255);
  }

  /**
   * Makes the foreground larger by {@code radius} pixels on all sides: a pixel gets the largest
   * alpha within the disc around it.
   *
   * @param alpha the mask
   * @param radius in pixels, 0 or more
   * @return a mask of the same size
   * @throws IllegalArgumentException if the radius is below 0
   */
  public static AlphaMask dilate(AlphaMask alpha, int radius) {
    return filter(alpha, radius, 0);
  }

  /**
   * Removes the parts of the foreground that are too small for the disc, such as spots and hairs:
   * {@link #erode}, then {@link #dilate}.
   *
   * @param alpha the mask
   * @param radius in pixels, 0 or more
   * @return a mask of the same size
   * @throws IllegalArgumentException if the radius is below 0
   */
  public static AlphaMask open(AlphaMask alpha, int radius) {
    return dilate(erode(alpha, radius), radius);
  }

  /**
   * Fills the parts of the background that are too small for the disc, such as cracks and pinholes:
   * {@link #dilate}, then {@link #erode}.
   *
   * @param alpha the mask
   * @param radius in pixels, 0 or more
   * @return a mask of the same size
   * @throws IllegalArgumentException if the radius is below 0
   */
  public static AlphaMask close(AlphaMask alpha, int radius) {
    return erode(dilate(alpha, radius), radius);
  }

  /**
   * @param flip 0 for maxima, 255 for minima, which are the maxima of what is missing to 255
   */
  private static AlphaMask filter(AlphaMask alpha, int radius, int flip) {
    Objects.requireNonNull(alpha, "alpha");
    Checks.atLeast(0, "the radius", radius);
    int width = alpha.width();
    int height = alpha.height();
    byte[] target = new byte[width * height];
    Rows.inParallel(
        height,
        DiscMaximum.minimumBand(radius, height),
        (from, to) -> {
          byte[] samples = new byte[width];
          Runs.Source source =
              (y, row) -> {
                alpha.copyRow(y, samples, 0);
                for (int x = 0; x < width; x++) {
                  row[x] = (samples[x] & 0xff) ^ flip;
                }
              };
          DiscMaximum maximum = new DiscMaximum(width, height, source, radius, from, to);
          for (int y = from, i = from * width; y < to; y++) {
            int[] maxima = maximum.nextRow();
            for (int x = 0; x < width; x++, i++) {
              target[i] = (byte) (maxima[x] ^ flip);
            }
          }
        });
    return AlphaMask.of(width, height, target);
  }
}
