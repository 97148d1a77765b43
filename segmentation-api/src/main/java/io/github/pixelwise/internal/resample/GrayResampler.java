package io.github.pixelwise.internal.resample;

import io.github.pixelwise.AlphaMask;
import io.github.pixelwise.Parallelism;
import io.github.pixelwise.internal.util.Sizes;
import io.github.pixelwise.model.Interpolation;
import java.util.Arrays;

/** Resizes alpha masks as {@link Resampler} resizes pictures: as Pillow does in its mode "L". */
public final class GrayResampler {
  private GrayResampler() {}

  /** Resizes a mask; the mask itself if it has that size. */
  public static AlphaMask resize(
      AlphaMask source,
      int width,
      int height,
      Interpolation interpolation,
      Parallelism parallelism) {
    if (source.width() == width && source.height() == height) {
      return source;
    }
    Taps columns = Taps.of(interpolation, source.width(), width, 0, width);
    Taps rows = Taps.of(interpolation, source.height(), height, 0, height);
    byte[] target = new byte[Sizes.samples(width, height, 1)];
    parallelism.forRows(
        height,
        32,
        (from, to) -> {
          // Room for taps beyond the last pixel, whose weight is 0.
          byte[] row = new byte[source.width() + columns.size];
          int[][] filtered = rows.ring(width);
          int[] samples = new int[width];
          int next = 0;
          for (int y = from; y < to; y++) {
            int end = Math.min(rows.first[y] + rows.size, source.height());
            for (next = Math.max(next, rows.first[y]); next < end; next++) {
              source.copyRow(next, row, 0);
              filterRow(row, columns, filtered[next % rows.size]);
            }
            rows.combine(filtered, y, samples);
            for (int x = 0, out = y * width; x < width; x++, out++) {
              target[out] = (byte) samples[x];
            }
          }
        });
    return AlphaMask.of(width, height, target);
  }

  private static void filterRow(byte[] row, Taps columns, int[] sums) {
    Arrays.fill(sums, Taps.half());
    for (int t = 0; t < columns.size; t++) {
      int[] weights = columns.weights[t];
      for (int x = 0; x < sums.length; x++) {
        sums[x] += (row[columns.first[x] + t] & 0xff) * weights[x];
      }
    }
    Taps.round(sums);
  }
}
