package io.github.pixelwise.postprocess;

import io.github.pixelwise.AlphaMask;
import io.github.pixelwise.Parallelism;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.internal.guide.SmallPhoto;
import io.github.pixelwise.internal.util.Rows;
import java.util.Arrays;

/**
 * A small copy of a picture and its alpha, and which of its pixels are foreground, background, or
 * uncertain.
 */
final class Trimap {
  /** The longer side of the small copy, at most. */
  private static final int SIDE = 1024;

  /** How far uncertain pixels reach into what looks certain, in pixels of the small copy. */
  private static final int MARGIN = 2;

  /** The alphas from which and up to which a pixel looks certain, as in rembg. */
  private static final int FOREGROUND = 240;

  private static final int BACKGROUND = 10;
  final SmallPhoto photo;

  /** Alpha, 0 to 1; exactly that where a pixel is certain. */
  final float[] alpha;

  /** Which pixels are uncertain. */
  final boolean[] uncertain;

  private Trimap(SmallPhoto photo) {
    this.photo = photo;
    alpha = new float[photo.size()];
    uncertain = new boolean[photo.size()];
  }

  static Trimap of(RgbImage image, AlphaMask alpha) {
    int side = Math.max(image.width(), image.height());
    int scale = (side + SIDE - 1) / SIDE;
    SmallPhoto photo = SmallPhoto.of(image, scale, Parallelism.common());
    Trimap small = new Trimap(photo);
    byte[] lowest = new byte[photo.size()];
    byte[] highest = new byte[photo.size()];
    Rows.inParallel(
        photo.height(),
        8,
        (from, to) -> {
          for (int y = from; y < to; y++) {
            small.reduce(alpha, y, lowest, highest);
          }
        });
    small.decide(small.extremes(lowest, true), small.extremes(highest, false));
    return small;
  }

  /** Averages the alphas of a row of squares. */
  private void reduce(AlphaMask mask, int y, byte[] lowest, byte[] highest) {
    int scale = photo.scale();
    int width = photo.width();
    byte[] alphas = new byte[mask.width()];
    int[] sums = new int[width];
    int[] low = new int[width];
    int[] high = new int[width];
    Arrays.fill(low, 255);
    int bottom = Math.min((y + 1) * scale, mask.height());
    for (int row = y * scale; row < bottom; row++) {
      mask.copyRow(row, alphas, 0);
      for (int x = 0; x < alphas.length; x++) {
        int cell = x / scale;
        int a = alphas[x] & 0xff;
        sums[cell] += a;
        low[cell] = Math.min(low[cell], a);
        high[cell] = Math.max(high[cell], a);
      }
    }
    for (int x = 0, i = photo.index(0, y); x < width; x++, i++) {
      int columns = Math.min((x + 1) * scale, mask.width()) - x * scale;
      float share = 1 / (255f * columns * (bottom - y * scale));
      alpha[i] = sums[x] * share;
      lowest[i] = (byte) low[x];
      highest[i] = (byte) high[x];
    }
  }

  /** The lowest or highest sample within {@link #MARGIN} of each pixel. */
  private int[] extremes(byte[] samples, boolean lowest) {
    int[] across = new int[photo.size()];
    int[] found = new int[photo.size()];
    Rows.inParallel(
        photo.height(),
        8,
        (from, to) -> {
          for (int y = from; y < to; y++) {
            for (int x = 0; x < photo.width(); x++) {
              int best = samples[photo.index(x, y)] & 0xff;
              int end = Math.min(photo.width() - 1, x + MARGIN);
              for (int i = photo.index(Math.max(0, x - MARGIN), y); i <= photo.index(end, y); i++) {
                int sample = samples[i] & 0xff;
                best = lowest ? Math.min(best, sample) : Math.max(best, sample);
              }
              across[photo.index(x, y)] = best;
            }
          }
        });
    Rows.inParallel(
        photo.height(),
        8,
        (from, to) -> {
          for (int y = from; y < to; y++) {
            System.arraycopy(across, photo.index(0, y), found, photo.index(0, y), photo.width());
            int last = Math.min(photo.height() - 1, y + MARGIN);
            for (int row = Math.max(0, y - MARGIN); row <= last; row++) {
              for (int x = 0, i = photo.index(0, y), j = photo.index(0, row);
                  x < photo.width();
                  x++, i++, j++) {
                found[i] = lowest ? Math.min(found[i], across[j]) : Math.max(found[i], across[j]);
              }
            }
          }
        });
    return found;
  }

  private void decide(int[] lowest, int[] highest) {
    for (int y = 0; y < photo.height(); y++) {
      for (int x = 0, i = photo.index(0, y); x < photo.width(); x++, i++) {
        if (lowest[i] > FOREGROUND) {
          alpha[i] = 1;
        } else if (highest[i] < BACKGROUND) {
          alpha[i] = 0;
        } else {
          uncertain[i] = true;
        }
      }
    }
  }

  boolean isUncertain(int index) {
    return uncertain[index];
  }
}
