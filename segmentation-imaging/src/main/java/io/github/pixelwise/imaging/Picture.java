package io.github.pixelwise.imaging;

import io.github.pixelwise.AlphaMask;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.internal.util.Rows;
import io.github.pixelwise.internal.util.Sizes;
import java.util.Objects;
import java.util.Optional;

/**
 * A picture as stored in its file: its colors, and its alpha if any pixel is transparent.
 *
 * @param colors the colors, not premultiplied; those of transparent pixels are whatever the file
 *     contains
 * @param alpha how opaque each pixel is; empty if all pixels are fully opaque
 */
public record Picture(RgbImage colors, Optional<AlphaMask> alpha) {
  private static final int WHITE = 255;

  /**
   * The size of a picture.
   *
   * @param width the width in pixels
   * @param height the height in pixels
   */
  public record Size(int width, int height) {}

  /**
   * Checks the sizes.
   *
   * @param colors the colors, not premultiplied; those of transparent pixels are whatever the file
   *     contains
   * @param alpha how opaque each pixel is; empty if all pixels are fully opaque
   * @throws IllegalArgumentException if colors and alpha differ in size
   */
  public Picture {
    Objects.requireNonNull(colors, "colors");
    alpha.ifPresent(
        mask -> {
          if (mask.width() != colors.width() || mask.height() != colors.height()) {
            throw new IllegalArgumentException(
                "alpha must have the size of the colors, %d x %d, found %d x %d"
                    .formatted(colors.width(), colors.height(), mask.width(), mask.height()));
          }
        });
  }

  /**
   * Puts the picture on white, as on a web page. Give a network this picture: the colors of
   * transparent pixels can be anything.
   *
   * @return an opaque picture of the same size; {@link #colors} itself if there is no alpha
   */
  public RgbImage onWhite() {
    return alpha.map(this::onWhite).orElse(colors);
  }

  private RgbImage onWhite(AlphaMask alpha) {
    int width = colors.width();
    byte[] rgb = new byte[Sizes.samples(width, colors.height(), 3)];
    Rows.inParallel(
        colors.height(),
        16,
        (from, to) -> {
          byte[] alphas = new byte[width];
          for (int y = from, i = from * width * 3; y < to; y++) {
            colors.copyRow(y, rgb, i);
            alpha.copyRow(y, alphas, 0);
            for (int x = 0; x < width; x++, i += 3) {
              int a = alphas[x] & 0xff;
              rgb[i] = onWhite(a, rgb[i]);
              rgb[i + 1] = onWhite(a, rgb[i + 1]);
              rgb[i + 2] = onWhite(a, rgb[i + 2]);
            }
          }
        });
    return RgbImage.of(width, colors.height(), rgb);
  }

  private static byte onWhite(int alpha, byte color) {
    return (byte) ((alpha * (color & 0xff) + (255 - alpha) * WHITE + 127) / 255);
  }
}
