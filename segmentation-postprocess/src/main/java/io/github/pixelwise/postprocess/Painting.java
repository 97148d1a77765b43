package io.github.pixelwise.postprocess;

import io.github.pixelwise.AlphaMask;
import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.internal.util.Rows;
import io.github.pixelwise.internal.util.Sizes;
import io.github.pixelwise.postprocess.internal.Runs;

/** Paints pictures of a mask, run by run, with the rows in parallel. */
final class Painting {
  private Painting() {}

  /** Paints runs. Called by several threads, each for rows of its own. */
  @FunctionalInterface
  interface Brush {
    /** Paints samples {@code from} (inclusive) to {@code to} (exclusive), which are one run's. */
    void paint(int category, byte[] samples, int from, int to);
  }

  /** Fills rows before they are painted on. */
  @FunctionalInterface
  private interface Canvas {
    void copyRow(int y, byte[] samples, int offset);
  }

  /** A picture painted on black. */
  static RgbImage onBlack(CategoryMask mask, Brush brush) {
    byte[] rgb = paint(mask, 3, (y, samples, offset) -> {}, brush);
    return RgbImage.of(mask.width(), mask.height(), rgb);
  }

  /** A copy of a picture of the mask's size, painted on. */
  static RgbImage on(RgbImage image, CategoryMask mask, Brush brush) {
    byte[] rgb = paint(mask, 3, image::copyRow, brush);
    return RgbImage.of(mask.width(), mask.height(), rgb);
  }

  /** An alpha mask painted on 0. */
  static AlphaMask alpha(CategoryMask mask, Brush brush) {
    byte[] alpha = paint(mask, 1, (y, samples, offset) -> {}, brush);
    return AlphaMask.of(mask.width(), mask.height(), alpha);
  }

  private static byte[] paint(CategoryMask mask, int channels, Canvas canvas, Brush brush) {
    int rowLength = mask.width() * channels;
    byte[] samples = new byte[Sizes.samples(mask.width(), mask.height(), channels)];
    Rows.inParallel(
        mask.height(),
        16,
        (from, to) -> {
          Runs runs = new Runs(mask);
          for (int y = from; y < to; y++) {
            int start = y * rowLength;
            canvas.copyRow(y, samples, start);
            runs.visitRow(
                y,
                (category, left, right) ->
                    brush.paint(
                        category, samples, start + left * channels, start + right * channels));
          }
        });
    return samples;
  }
}
