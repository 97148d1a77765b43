package io.github.pixelwise.internal.resample;

import io.github.pixelwise.model.Interpolation;
import java.util.Arrays;

/**
 * The weights of one axis: target pixel i is the sum of source pixels {@code first[i] + t} times
 * {@code weights[t][i]}, for t below {@code size}.
 *
 * <p>Pillow (libImaging/Resample.c) computes with weights of 22 bits after the binary point, and
 * rounds to 8 bits after each axis; so does this class.
 */
final class Taps {
  private static final int PRECISION = 22;
  private static final int ONE = 1 << PRECISION;

  final int size;
  final int[] first;

  /** Pixels of a row may be read in pairs: an odd number of taps is followed by one of weight 0. */
  final int[][] weights;

  private Taps(int size, int[] first) {
    this.size = size;
    this.first = first;
    this.weights = new int[size + size % 2][first.length];
  }

  /** Those of target pixels {@code from} (inclusive) to {@code to} (exclusive). */
  static Taps of(Interpolation interpolation, int source, int target, int from, int to) {
    return interpolation == Interpolation.NEAREST || source == target
        ? nearest(source, target, from, to)
        : filter(interpolation, source, target, from, to);
  }

  /**
   * Pillow (libImaging/Geometry.c) adds up the step instead of multiplying, which rounds at each
   * step.
   */
  private static Taps nearest(int source, int target, int from, int to) {
    int[] first = new int[to - from];
    double step = (double) source / target;
    double position = step * 0.5;
    for (int i = 0; i < to; i++, position += step) {
      if (i >= from) {
        first[i - from] = Math.min((int) position, source - 1);
      }
    }
    Taps taps = new Taps(1, first);
    Arrays.fill(taps.weights[0], ONE);
    return taps;
  }

  private static Taps filter(
      Interpolation interpolation, int source, int target, int from, int to) {
    double scale = (double) source / target;
    boolean antialiased = interpolation != Interpolation.OPENCV_LINEAR;
    double inverse = 1 / (antialiased ? Math.max(1, scale) : 1);
    double support = radius(interpolation) / inverse;
    int[] first = new int[to - from];
    int[] end = new int[to - from];
    int size = 0;
    for (int i = 0; i < first.length; i++) {
      double center = (from + i + 0.5) * scale;
      first[i] = Math.max(0, (int) (center - support + 0.5));
      end[i] = Math.min(source, (int) (center + support + 0.5));
      size = Math.max(size, end[i] - first[i]);
    }
    Taps taps = new Taps(size, first);
    double[] exact = new double[size];
    for (int i = 0; i < first.length; i++) {
      double center = (from + i + 0.5) * scale;
      int count = end[i] - first[i];
      double sum = 0;
      for (int t = 0; t < count; t++) {
        double distance = Math.abs((t + first[i] - center + 0.5) * inverse);
        exact[t] = weight(interpolation, distance);
        sum += exact[t];
      }
      for (int t = 0; t < count; t++) {
        double weight = exact[t] / sum * ONE;
        taps.weights[t][i] = (int) (weight + Math.copySign(0.5, weight));
      }
    }
    return taps;
  }

  /** The distance in pixels, before widening, from which weights are 0. */
  private static int radius(Interpolation interpolation) {
    return switch (interpolation) {
      case LANCZOS -> 3;
      case BICUBIC -> 2;
      case BILINEAR, OPENCV_LINEAR, NEAREST -> 1;
    };
  }

  private static double weight(Interpolation interpolation, double distance) {
    return switch (interpolation) {
      case LANCZOS -> lanczos(distance);
      case BICUBIC -> cubic(distance);
      case BILINEAR, OPENCV_LINEAR, NEAREST -> Math.max(0, 1 - distance);
    };
  }

  /** The sinc function, windowed by its own central lobe at three times the width. */
  private static double lanczos(double distance) {
    return distance < 3 ? sinc(distance) * sinc(distance / 3) : 0;
  }

  private static double sinc(double x) {
    double angle = x * Math.PI;
    return x == 0 ? 1 : StrictMath.sin(angle) / angle;
  }

  /**
   * Keys' cubic convolution with a = -0.5 (IEEE ASSP 29, 1981), in the order Pillow computes it.
   */
  private static double cubic(double distance) {
    double a = -0.5;
    if (distance < 1) {
      return ((a + 2) * distance - (a + 3)) * distance * distance + 1;
    }
    return distance < 2 ? (((distance - 5) * distance + 8) * distance - 4) * a : 0;
  }

  /** The last rows that any target row needs, as a ring; they stay in the cache. */
  int[][] ring(int width) {
    return new int[size][width];
  }

  /**
   * Computes target row y from the rows of a ring, in which source row r is at {@code r % size}.
   */
  void combine(int[][] ring, int y, int[] target) {
    Arrays.fill(target, half());
    for (int t = 0; t < size; t++) {
      add(ring[(first[y] + t) % size], weights[t][y], target);
    }
    round(target);
  }

  private static void add(int[] samples, int weight, int[] sums) {
    for (int x = 0; x < sums.length; x++) {
      sums[x] += samples[x] * weight;
    }
  }

  /** What a sum begins with, so that it is rounded to the nearest. */
  static int half() {
    return ONE >> 1;
  }

  /** Turns sums into samples of 0 to 255, without Math.min and max, which are not vectorized. */
  static void round(int[] sums) {
    for (int x = 0; x < sums.length; x++) {
      int sample = sums[x] >> PRECISION;
      sums[x] = ((sample & ~(sample >> 31)) | ((255 - sample) >> 31)) & 0xff;
    }
  }
}
