package io.github.pixelwise.postprocess;

import io.github.pixelwise.AlphaMask;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.internal.util.Rows;
import io.github.pixelwise.internal.util.Sizes;
import java.util.Arrays;

/**
 * Puts a foreground over its own background, blurred: the Gaussian mean of the background's colors,
 * each weighted with {@code 1 - alpha} (normalized convolution; H. Knutsson, C.-F. Westin, CVPR
 * 1993). What the foreground hides, and what lies beyond the picture's edge, weighs nothing.
 *
 * <p>A wide Gaussian is taken of a picture of smaller size: of the sums of {@code factor * factor}
 * pixels, interpolated bilinearly. Both widen it, by {@code (factor^2 - 1) / 4} pixels squared
 * together, for which a narrower Gaussian makes up. There is always something to divide by: a pixel
 * that shows any background has a weight itself.
 *
 * <p>A band of rows keeps the latest filtered rows, as many as the kernel is high, in a ring.
 */
final class BackgroundBlur {
  static final double MAX_SIGMA = 682; // that of GaussianBlur

  /** The sums of so large a cell's pixels, each of up to 255 * 255, fit an int. */
  private static final int MAX_FACTOR = 181;

  /** So wide a Gaussian, in cells, is smooth enough to be interpolated linearly. */
  private static final double SMOOTH_SIGMA = 3;

  /** What lies farther away, in sigmas, is 1/2000 of the whole. */
  private static final double REACH = 3.5;

  /** R, G and B times the weight, and the weight. */
  private static final int PLANES = 4;

  private final Layers layers;
  private final AlphaMask alpha;
  private final int width;
  private final int height;

  /** The side of a cell in pixels. */
  private final int factor;

  /** One cell more on every side than the picture fills, to interpolate up to its edge. */
  private final int gridWidth;

  private final int gridHeight;

  /** The middle of the kernel and what follows; not normalized, since a ratio is taken. */
  private final float[] kernel;

  /** Where pixels lie between the middles of cells. */
  private final double[] positions;

  private BackgroundBlur(Layers layers, AlphaMask alpha, double sigma) {
    this.layers = layers;
    this.alpha = alpha;
    this.width = alpha.width();
    this.height = alpha.height();
    this.factor = Math.max(1, Math.min(MAX_FACTOR, (int) (sigma / SMOOTH_SIGMA)));
    this.gridWidth = (width + factor - 1) / factor + 2;
    this.gridHeight = (height + factor - 1) / factor + 2;
    this.kernel = kernel(Math.sqrt(sigma * sigma - (factor * factor - 1) / 4.0) / factor);
    this.positions = new double[Math.max(width, height)];
    for (int i = 0; i < positions.length; i++) {
      positions[i] = (i + 0.5) / factor + 0.5;
    }
  }

  static RgbImage apply(Layers layers, AlphaMask alpha, double sigma) {
    return new BackgroundBlur(layers, alpha, sigma).run();
  }

  private static float[] kernel(double sigma) {
    float[] kernel = new float[(int) Math.ceil(REACH * sigma) + 1];
    for (int i = 0; i < kernel.length; i++) {
      kernel[i] = (float) StrictMath.exp(-0.5 * i * i / (sigma * sigma));
    }
    return kernel;
  }

  private RgbImage run() {
    byte[] rgb = new byte[Sizes.samples(width, height, 3)];
    Rows.inParallel(
        height,
        // A band also filters the rows around it, which should not outnumber its own.
        Math.max(16, 2 * kernel.length * factor),
        (from, to) -> {
          Band band = new Band(from);
          for (int y = from; y < to; y++) {
            band.row(y, rgb);
          }
        });
    return RgbImage.of(width, height, rgb);
  }

  /** A thread's share of the rows, to be asked for from top to bottom. */
  private final class Band {
    private final int length = PLANES * gridWidth;
    private final byte[] colors = new byte[width * 3];
    private final byte[] alphas = new byte[width];
    private final int[] cells = new int[length];

    /** What lies beyond the upper and the lower edge. */
    private final float[] nothing = new float[length];

    private final float[] padded = new float[gridWidth + 2 * (kernel.length - 1)];

    /** Grid row y, filtered horizontally, is at {@code y % ring.length}. */
    private final float[][] ring = new float[Math.min(2 * kernel.length - 1, gridHeight)][length];

    /** The first grid row that is not yet in the ring. */
    private int next;

    /** Grid rows that are filtered both ways: {@code upperRow} and the one below. */
    private float[] upper = new float[length];

    private float[] lower = new float[length];
    private int upperRow = -2;
    private final float[] row = new float[length];

    Band(int from) {
      next = Math.max(0, (int) positions[from] - kernel.length + 1);
    }

    void row(int y, byte[] rgb) {
      interpolate(y);
      int offset = y * width * 3;
      layers.foreground().copyRow(y, rgb, offset);
      alpha.copyRow(y, alphas, 0);
      for (int x = 0, i = offset; x < width; x++, i += 3) {
        int a = alphas[x] & 0xff;
        if (a < 255) {
          int left = (int) positions[x];
          float t = (float) (positions[x] - left);
          float weight = mean(3, left, t);
          float scale = (255 - a) / weight;
          for (int c = 0; c < 3; c++) {
            float mixed = a * (rgb[i + c] & 0xff) + mean(c, left, t) * scale;
            rgb[i + c] = (byte) Math.min(255, (int) (mixed / 255 + 0.5f));
          }
        }
      }
    }

    private float mean(int plane, int left, float t) {
      float from = row[plane * gridWidth + left];
      return from + (row[plane * gridWidth + left + 1] - from) * t;
    }

    private void interpolate(int y) {
      int node = (int) positions[y];
      if (node != upperRow) {
        float[] spare = upper;
        upper = lower;
        lower = spare;
        if (node != upperRow + 1) {
          filterColumns(node, upper);
        }
        filterColumns(node + 1, lower);
        upperRow = node;
      }
      float t = (float) (positions[y] - node);
      for (int i = 0; i < length; i++) {
        row[i] = upper[i] + (lower[i] - upper[i]) * t;
      }
    }

    private void filterColumns(int y, float[] target) {
      int radius = kernel.length - 1;
      for (; next <= Math.min(gridHeight - 1, y + radius); next++) {
        filterRow(next, ring[next % ring.length]);
      }
      scale(filtered(y), 0, kernel[0], target, 0, length);
      for (int i = 1; i <= radius; i++) {
        addScaled(filtered(y - i), 0, filtered(y + i), 0, kernel[i], target, 0, length);
      }
    }

    private float[] filtered(int y) {
      return y < 0 || y >= gridHeight ? nothing : ring[y % ring.length];
    }

    private void filterRow(int y, float[] target) {
      sumCells(y);
      int radius = kernel.length - 1;
      for (int plane = 0; plane < PLANES; plane++) {
        int offset = plane * gridWidth;
        for (int x = 0; x < gridWidth; x++) {
          padded[radius + x] = cells[offset + x];
        }
        scale(padded, radius, kernel[0], target, offset, gridWidth);
        for (int i = 1; i <= radius; i++) {
          addScaled(padded, radius - i, padded, radius + i, kernel[i], target, offset, gridWidth);
        }
      }
    }

    /** The sums of a row of cells; those at the right and the bottom may have fewer pixels. */
    private void sumCells(int gridRow) {
      Arrays.fill(cells, 0);
      int top = Math.max(0, (gridRow - 1) * factor);
      for (int y = top; y < Math.min(gridRow * factor, height); y++) {
        layers.background().copyRow(y, colors, 0);
        alpha.copyRow(y, alphas, 0);
        for (int cell = 1, x = 0; x < width; cell++) {
          for (int end = Math.min(x + factor, width); x < end; x++) {
            int weight = 255 - (alphas[x] & 0xff);
            cells[cell] += weight * (colors[x * 3] & 0xff);
            cells[gridWidth + cell] += weight * (colors[x * 3 + 1] & 0xff);
            cells[2 * gridWidth + cell] += weight * (colors[x * 3 + 2] & 0xff);
            cells[3 * gridWidth + cell] += weight;
          }
        }
      }
    }

    // Taps are added to a whole row at a time: the compiler vectorizes such loops.
    private static void scale(
        float[] row, int from, float weight, float[] target, int to, int length) {
      for (int x = 0; x < length; x++) {
        target[to + x] = row[from + x] * weight;
      }
    }

    private static void addScaled(
        float[] left,
        int leftFrom,
        float[] right,
        int rightFrom,
        float weight,
        float[] target,
        int to,
        int length) {
      for (int x = 0; x < length; x++) {
        target[to + x] += (left[leftFrom + x] + right[rightFrom + x]) * weight;
      }
    }
  }
}
