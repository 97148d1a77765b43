package io.github.pixelwise.postprocess;

import io.github.pixelwise.internal.guide.SymmetricMatrix;
import io.github.pixelwise.internal.util.Rows;
import java.util.Arrays;

/**
 * Closed-form matting (A. Levin, D. Lischinski, Y. Weiss: "A Closed Form Solution to Natural Image
 * Matting", CVPR 2006) of the uncertain pixels of a small picture.
 *
 * <p>In every window of 3 x 3 pixels, alpha should be a linear function of the color. This gives a
 * quadratic form {@code a' L a}; what is added to it, {@code PRIOR * (a - given)^2}, keeps pixels
 * near the alpha that is known of them where colors say nothing. The minimum is found by conjugate
 * gradients with the diagonal as the preconditioner. Sums are formed in blocks of a fixed size, so
 * that the result does not depend on the number of threads.
 */
final class ClosedForm {
  /** The regularization of a window's colors, of 0 to 1, as in PyMatting. */
  private static final double EPSILON = 1e-7;

  private static final float PRIOR = 3e-3f;
  private static final int ITERATIONS = 60;
  private static final double TOLERANCE = 1e-5;

  /** The neighbors that share a window with a pixel: 2 on each side. */
  private static final int REACH = 2;

  private static final int NEIGHBORS = (2 * REACH + 1) * (2 * REACH + 1);
  private static final int BLOCK = 4096;

  private final Trimap picture;
  private final int[] pixels;
  private final int[] number;
  private final int[] offsets = new int[NEIGHBORS];
  private final float[] laplacian;

  private ClosedForm(Trimap picture) {
    this.picture = picture;
    this.number = new int[picture.photo.size()];
    int[] found = new int[picture.photo.size()];
    int count = 0;
    Arrays.fill(number, -1);
    for (int i = 0; i < found.length; i++) {
      if (picture.isUncertain(i)) {
        number[i] = count;
        found[count++] = i;
      }
    }
    this.pixels = Arrays.copyOf(found, count);
    this.laplacian = new float[Math.multiplyExact(count, NEIGHBORS)];
    for (int n = 0; n < NEIGHBORS; n++) {
      offsets[n] = (n / 5 - REACH) * picture.photo.stride() + n % 5 - REACH;
    }
  }

  /** Replaces the alpha of the uncertain pixels. */
  static void solve(Trimap picture) {
    ClosedForm form = new ClosedForm(picture);
    form.addWindows();
    form.minimize();
  }

  private void addWindows() {
    // Rows of windows overlap in what they add to, so threads take turns of three rows.
    for (int turn = 0; turn < 3; turn++) {
      int first = turn;
      Rows.inParallel(
          (picture.photo.height() + 2 - turn) / 3,
          8,
          (from, to) -> {
            double[] scratch = new double[9 * 3 + 9 * 3];
            SymmetricMatrix covariance = new SymmetricMatrix();
            for (int row = from; row < to; row++) {
              int y = 3 * row + first;
              if (y >= 1 && y < picture.photo.height() - 1) {
                for (int x = 1; x < picture.photo.width() - 1; x++) {
                  addWindow(picture.photo.index(x, y), covariance, scratch);
                }
              }
            }
          });
    }
  }

  private void addWindow(int center, SymmetricMatrix covariance, double[] scratch) {
    int stride = picture.photo.stride();
    boolean touched = false;
    for (int k = 0; k < 9 && !touched; k++) {
      touched = number[center + (k / 3 - 1) * stride + k % 3 - 1] >= 0;
    }
    if (!touched) {
      return;
    }
    double meanR = 0;
    double meanG = 0;
    double meanB = 0;
    for (int k = 0; k < 9; k++) {
      int i = center + (k / 3 - 1) * stride + k % 3 - 1;
      scratch[k * 3] = picture.photo.red(i);
      scratch[k * 3 + 1] = picture.photo.green(i);
      scratch[k * 3 + 2] = picture.photo.blue(i);
      meanR += picture.photo.red(i) / 9;
      meanG += picture.photo.green(i) / 9;
      meanB += picture.photo.blue(i) / 9;
    }
    covariance.set(0, 0, 0, 0, 0, 0);
    for (int k = 0; k < 9; k++) {
      scratch[k * 3] -= meanR;
      scratch[k * 3 + 1] -= meanG;
      scratch[k * 3 + 2] -= meanB;
      covariance.add(scratch[k * 3], scratch[k * 3 + 1], scratch[k * 3 + 2], 1 / 9.0);
    }
    covariance.invert(EPSILON / 9);
    for (int k = 0; k < 9; k++) {
      covariance.multiply(scratch, k * 3, scratch, 27 + k * 3);
    }
    for (int k = 0; k < 9; k++) {
      int row = number[center + (k / 3 - 1) * stride + k % 3 - 1];
      if (row < 0) {
        continue;
      }
      for (int l = 0; l < 9; l++) {
        double product =
            scratch[27 + k * 3] * scratch[l * 3]
                + scratch[27 + k * 3 + 1] * scratch[l * 3 + 1]
                + scratch[27 + k * 3 + 2] * scratch[l * 3 + 2];
        int neighbor = (l / 3 - k / 3 + REACH) * 5 + l % 3 - k % 3 + REACH;
        laplacian[row * NEIGHBORS + neighbor] += (float) ((k == l ? 1 : 0) - (1 + product) / 9);
      }
    }
  }

  private void minimize() {
    int count = pixels.length;
    float[] x = picture.alpha; // known pixels stay, uncertain ones are what is looked for
    // The residual of L x + PRIOR (x - given) = 0; directions are 0 at known pixels.
    float[] residual = new float[count];
    float[] product = new float[count];
    float[] direction = new float[picture.photo.size()];
    float[] scaled = new float[count];
    multiply(x, residual, 0, count);
    double energy =
        each(
            (from, to) -> {
              double sum = 0;
              for (int i = from; i < to; i++) {
                residual[i] = -residual[i];
                scaled[i] = residual[i] / diagonal(i);
                direction[pixels[i]] = scaled[i];
                sum += (double) residual[i] * scaled[i];
              }
              return sum;
            });
    double enough = TOLERANCE * TOLERANCE * energy;
    for (int iteration = 0; iteration < ITERATIONS && energy > enough; iteration++) {
      double curvature =
          each(
              (from, to) -> {
                multiply(direction, product, from, to);
                double sum = 0;
                for (int i = from; i < to; i++) {
                  product[i] += PRIOR * direction[pixels[i]];
                  sum += (double) direction[pixels[i]] * product[i];
                }
                return sum;
              });
      float step = (float) (energy / curvature);
      double next =
          each(
              (from, to) -> {
                double sum = 0;
                for (int i = from; i < to; i++) {
                  x[pixels[i]] += step * direction[pixels[i]];
                  residual[i] -= step * product[i];
                  scaled[i] = residual[i] / diagonal(i);
                  sum += (double) residual[i] * scaled[i];
                }
                return sum;
              });
      float keep = (float) (next / energy);
      each(
          (from, to) -> {
            for (int i = from; i < to; i++) {
              direction[pixels[i]] = scaled[i] + keep * direction[pixels[i]];
            }
            return 0;
          });
      energy = next;
    }
    for (int i = 0; i < count; i++) {
      x[pixels[i]] = Math.max(0, Math.min(1, x[pixels[i]]));
    }
  }

  private float diagonal(int i) {
    return laplacian[i * NEIGHBORS + NEIGHBORS / 2] + PRIOR;
  }

  private void multiply(float[] vector, float[] result, int from, int to) {
    for (int i = from; i < to; i++) {
      int pixel = pixels[i];
      int row = i * NEIGHBORS;
      float sum = 0;
      for (int n = 0; n < NEIGHBORS; n++) {
        sum += laplacian[row + n] * vector[pixel + offsets[n]];
      }
      result[i] = sum;
    }
  }

  /** Works on some of the uncertain pixels, and returns a sum over them. */
  @FunctionalInterface
  private interface Part {
    double work(int from, int to);
  }

  /** Works on all uncertain pixels in parallel, and adds up the sums of blocks in their order. */
  private double each(Part part) {
    int blocks = (pixels.length + BLOCK - 1) / BLOCK;
    double[] sums = new double[blocks];
    Rows.inParallel(
        blocks,
        1,
        (from, to) -> {
          for (int block = from; block < to; block++) {
            sums[block] = part.work(block * BLOCK, Math.min((block + 1) * BLOCK, pixels.length));
          }
        });
    return Arrays.stream(sums).sum();
  }
}
