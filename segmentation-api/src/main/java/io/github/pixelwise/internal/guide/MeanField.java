package io.github.pixelwise.internal.guide;

import io.github.pixelwise.Parallelism;
import java.util.Arrays;

/**
 * Probabilities of classes that agree with those of similar colors nearby: mean field inference in
 * a conditional random field (P. Krähenbühl, V. Koltun: "Efficient Inference in Fully Connected
 * CRFs with Gaussian Edge Potentials", NIPS 2011) whose pixels are connected to those around them
 * only, as in M. Teichmann, R. Cipolla: "Convolutional CRFs for Semantic Segmentation", BMVC 2019.
 *
 * <p>In each step, a class's probability is what the network found, times {@code exp(WEIGHT * m)},
 * where m is the mean of the class's probabilities around the pixel, weighted by {@code exp(-d^2 /
 * (2 SIGMA^2))} for colors at a distance of d. The constants were chosen by measuring.
 */
public final class MeanField {
  private static final float WEIGHT = 2;
  private static final double SIGMA = 10 / 255.0;
  private static final int ITERATIONS = 5;

  /** How far neighbors are away at most. */
  private static final int REACH = 2;

  private static final int SIDE = 2 * REACH + 1;
  private static final int NEIGHBORS = SIDE * SIDE - 1;

  private final SmallPhoto photo;
  private final float[][] planes;
  private final Parallelism parallelism;

  /** The pixels that change. */
  private final int[] pixels;

  private final int[] offsets = new int[NEIGHBORS];

  /** Of each pixel and neighbor; those of a pixel sum to {@link #WEIGHT}. */
  private final float[] weights;

  private MeanField(SmallPhoto photo, float[][] planes, int[] pixels, Parallelism parallelism) {
    this.photo = photo;
    this.planes = planes;
    this.pixels = pixels;
    this.parallelism = parallelism;
    this.weights = new float[Math.multiplyExact(pixels.length, NEIGHBORS)];
    for (int n = 0; n < NEIGHBORS; n++) {
      offsets[n] = down(n) * photo.stride() + right(n);
    }
  }

  private static int down(int neighbor) {
    return place(neighbor) / SIDE - REACH;
  }

  private static int right(int neighbor) {
    return place(neighbor) % SIDE - REACH;
  }

  /** The place of a neighbor in its window, whose center is no neighbor. */
  private static int place(int neighbor) {
    return neighbor < NEIGHBORS / 2 ? neighbor : neighbor + 1;
  }

  /**
   * Changes the probabilities of uncertain pixels. The sum over all classes stays as it is. The
   * result does not depend on the number of threads.
   *
   * @param uncertain which pixels to change, by their index in the photo
   * @param planes of each class the probabilities, by index
   */
  public static void solve(
      SmallPhoto photo, boolean[] uncertain, float[][] planes, Parallelism parallelism) {
    int[] pixels = new int[photo.width() * photo.height()];
    int count = 0;
    for (int i = 0; i < uncertain.length; i++) {
      if (uncertain[i]) {
        pixels[count++] = i;
      }
    }
    MeanField field = new MeanField(photo, planes, Arrays.copyOf(pixels, count), parallelism);
    field.weigh();
    field.iterate();
  }

  private void weigh() {
    parallelism.forRows(
        pixels.length,
        256,
        (from, to) -> {
          for (int p = from; p < to; p++) {
            weigh(p);
          }
        });
  }

  private void weigh(int p) {
    int pixel = pixels[p];
    double sum = 1e-6; // keeps a pixel that resembles none of its neighbors as it is
    for (int n = 0; n < NEIGHBORS; n++) {
      if (photo.isInside(pixel + offsets[n])) {
        double weight = similarity(pixel, pixel + offsets[n]);
        weights[p * NEIGHBORS + n] = (float) weight;
        sum += weight;
      }
    }
    for (int n = 0; n < NEIGHBORS; n++) {
      weights[p * NEIGHBORS + n] *= (float) (WEIGHT / sum);
    }
  }

  private double similarity(int a, int b) {
    float red = photo.red(a) - photo.red(b);
    float green = photo.green(a) - photo.green(b);
    float blue = photo.blue(a) - photo.blue(b);
    return Math.exp(-(red * red + green * green + blue * blue) / (2 * SIGMA * SIGMA));
  }

  private void iterate() {
    int classes = planes.length;
    float[] found = new float[Math.multiplyExact(pixels.length, classes)];
    for (int p = 0, i = 0; p < pixels.length; p++) {
      for (int c = 0; c < classes; c++, i++) {
        found[i] = planes[c][pixels[p]];
      }
    }
    float[] next = new float[found.length];
    for (int step = 0; step < ITERATIONS; step++) {
      parallelism.forRows(
          pixels.length,
          256,
          (from, to) -> {
            for (int p = from; p < to; p++) {
              update(p, found, next);
            }
          });
      for (int p = 0, i = 0; p < pixels.length; p++) {
        for (int c = 0; c < classes; c++, i++) {
          planes[c][pixels[p]] = next[i];
        }
      }
    }
  }

  private void update(int p, float[] found, float[] next) {
    int first = p * planes.length;
    double before = 0;
    double after = 0;
    for (int c = 0; c < planes.length; c++) {
      float[] plane = planes[c];
      float message = 0;
      for (int n = 0; n < NEIGHBORS; n++) {
        message += weights[p * NEIGHBORS + n] * plane[pixels[p] + offsets[n]];
      }
      next[first + c] = (float) (found[first + c] * Math.exp(message));
      before += found[first + c];
      after += next[first + c];
    }
    float scale = after > 0 ? (float) (before / after) : 1;
    for (int c = 0; c < planes.length; c++) {
      next[first + c] *= scale;
    }
  }
}
