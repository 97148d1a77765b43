package io.github.pixelwise.postprocess;

import io.github.pixelwise.AlphaMask;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.internal.util.Rows;
import java.util.Arrays;

/**
 * A small copy of a picture and its alpha, and which of its pixels are foreground, background, or
 * uncertain. Planes have a margin of two pixels on all sides, so that neighbors need no checks.
 */
final class Trimap {
  /** The longer side of the small copy, at most. */
  private static final int SIDE = 1024;

  /** How far uncertain pixels reach into what looks certain, in pixels of the small copy. */
  private static final int MARGIN = 2;

  /** The alphas from which and up to which a pixel looks certain, as in rembg. */
  private static final int FOREGROUND = 240;

  private static final int BACKGROUND = 10;
  private static final int PAD = 2;

  /** Colors, 0 to 1. */
  final float[] red;

  final float[] green;
  final float[] blue;

  /** Alpha, 0 to 1; exactly that where a pixel is certain. */
  final float[] alpha;

  private final boolean[] uncertain;
  private final int scale;
  private final int width;
  private final int height;

  private Trimap(int scale, int width, int height) {
    this.scale = scale;
    this.width = width;
    this.height = height;
    int size = size();
    red = new float[size];
    green = new float[size];
    blue = new float[size];
    alpha = new float[size];
    uncertain = new boolean[size];
  }

  static Trimap of(RgbImage image, AlphaMask alpha) {
    int side = Math.max(image.width(), image.height());
    int scale = (side + SIDE - 1) / SIDE;
    Trimap small =
        new Trimap(
            scale, (image.width() + scale - 1) / scale, (image.height() + scale - 1) / scale);
    byte[] lowest = new byte[small.size()];
    byte[] highest = new byte[small.size()];
    Rows.inParallel(
        small.height,
        8,
        (from, to) -> {
          for (int y = from; y < to; y++) {
            small.reduce(image, alpha, y, lowest, highest);
          }
        });
    small.decide(small.extremes(lowest, true), small.extremes(highest, false));
    return small;
  }

  /** Averages the pixels of a row of squares. */
  private void reduce(RgbImage image, AlphaMask mask, int y, byte[] lowest, byte[] highest) {
    byte[] colors = new byte[image.width() * 3];
    byte[] alphas = new byte[image.width()];
    int[] sums = new int[width * 4];
    int[] low = new int[width];
    int[] high = new int[width];
    Arrays.fill(low, 255);
    int bottom = Math.min((y + 1) * scale, image.height());
    for (int row = y * scale; row < bottom; row++) {
      image.copyRow(row, colors, 0);
      mask.copyRow(row, alphas, 0);
      for (int x = 0; x < alphas.length; x++) {
        int cell = x / scale;
        int a = alphas[x] & 0xff;
        sums[cell * 4] += colors[x * 3] & 0xff;
        sums[cell * 4 + 1] += colors[x * 3 + 1] & 0xff;
        sums[cell * 4 + 2] += colors[x * 3 + 2] & 0xff;
        sums[cell * 4 + 3] += a;
        low[cell] = Math.min(low[cell], a);
        high[cell] = Math.max(high[cell], a);
      }
    }
    for (int x = 0, i = index(0, y); x < width; x++, i++) {
      int columns = Math.min((x + 1) * scale, image.width()) - x * scale;
      float share = 1 / (255f * columns * (bottom - y * scale));
      red[i] = sums[x * 4] * share;
      green[i] = sums[x * 4 + 1] * share;
      blue[i] = sums[x * 4 + 2] * share;
      alpha[i] = sums[x * 4 + 3] * share;
      lowest[i] = (byte) low[x];
      highest[i] = (byte) high[x];
    }
  }

  /** The lowest or highest sample within {@link #MARGIN} of each pixel. */
  private int[] extremes(byte[] samples, boolean lowest) {
    int[] across = new int[size()];
    int[] found = new int[size()];
    Rows.inParallel(
        height,
        8,
        (from, to) -> {
          for (int y = from; y < to; y++) {
            for (int x = 0; x < width; x++) {
              int best = samples[index(x, y)] & 0xff;
              int end = Math.min(width - 1, x + MARGIN);
              for (int i = index(Math.max(0, x - MARGIN), y); i <= index(end, y); i++) {
                int sample = samples[i] & 0xff;
                best = lowest ? Math.min(best, sample) : Math.max(best, sample);
              }
              across[index(x, y)] = best;
            }
          }
        });
    Rows.inParallel(
        height,
        8,
        (from, to) -> {
          for (int y = from; y < to; y++) {
            System.arraycopy(across, index(0, y), found, index(0, y), width);
            int last = Math.min(height - 1, y + MARGIN);
            for (int row = Math.max(0, y - MARGIN); row <= last; row++) {
              for (int x = 0, i = index(0, y), j = index(0, row); x < width; x++, i++, j++) {
                found[i] = lowest ? Math.min(found[i], across[j]) : Math.max(found[i], across[j]);
              }
            }
          }
        });
    return found;
  }

  private void decide(int[] lowest, int[] highest) {
    for (int y = 0; y < height; y++) {
      for (int x = 0, i = index(0, y); x < width; x++, i++) {
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

  /** How many pixels of the picture a pixel is wide. */
  int scale() {
    return scale;
  }

  int width() {
    return width;
  }

  int height() {
    return height;
  }

  /** The length of a plane. */
  int size() {
    return Math.multiplyExact(stride(), height + 2 * PAD);
  }

  int stride() {
    return width + 2 * PAD;
  }

  int index(int x, int y) {
    return (y + PAD) * stride() + x + PAD;
  }

  boolean isUncertain(int index) {
    return uncertain[index];
  }
}
