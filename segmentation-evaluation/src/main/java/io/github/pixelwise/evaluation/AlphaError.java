package io.github.pixelwise.evaluation;

import io.github.pixelwise.AlphaMask;

/**
 * How far predicted alpha masks are from true ones, over all their pixels. Alpha is taken as 0 to
 * 1. The gradient error (Rhemann et al., A Perceptually Motivated Online Benchmark for Image
 * Matting, CVPR 2009) is a thousandth of the sum of squared differences of gradient lengths, where
 * gradients are those of Gaussians of sigma 1.4, and pixels beyond the border equal the nearest
 * ones inside. Unlike the benchmark's script, this neither stretches masks to 0..1 nor leaves
 * pixels out. Immutable.
 */
public final class AlphaError {
  private static final double SIGMA = 1.4;

  /** Where the kernel is cut off: its values beyond are below a hundredth. */
  private static final double CUT_OFF = 1e-2;

  private final long pixels;

  /** Sums of differences of levels, 0 to 255, and of their squares. */
  private final long absolute;

  private final long squared;
  private final double gradient;

  private AlphaError(long pixels, long absolute, long squared, double gradient) {
    this.pixels = pixels;
    this.absolute = absolute;
    this.squared = squared;
    this.gradient = gradient;
  }

  /**
   * Compares two masks.
   *
   * @param truth the true alpha
   * @param prediction the predicted alpha, of the same size
   * @return the errors
   * @throws IllegalArgumentException if the sizes differ
   */
  public static AlphaError of(AlphaMask truth, AlphaMask prediction) {
    int width = truth.width();
    int height = truth.height();
    if (width != prediction.width() || height != prediction.height()) {
      throw new IllegalArgumentException(
          "truth and prediction must have one size, found %d x %d and %d x %d"
              .formatted(width, height, prediction.width(), prediction.height()));
    }
    byte[] truths = truth.toByteArray();
    byte[] predictions = prediction.toByteArray();
    long absolute = 0;
    long squared = 0;
    for (int i = 0; i < truths.length; i++) {
      int difference = Math.abs((truths[i] & 0xff) - (predictions[i] & 0xff));
      absolute += difference;
      squared += (long) difference * difference;
    }
    double[] trueGradient = gradient(truths, width, height);
    double[] predictedGradient = gradient(predictions, width, height);
    double gradient = 0;
    for (int i = 0; i < trueGradient.length; i++) {
      double difference = trueGradient[i] - predictedGradient[i];
      gradient += difference * difference;
    }
    return new AlphaError(truths.length, absolute, squared, gradient / 1000);
  }

  /**
   * Returns the errors over the pixels of both.
   *
   * @param other the errors of other masks
   * @return the errors of all masks; gradient errors are added
   */
  public AlphaError plus(AlphaError other) {
    return new AlphaError(
        pixels + other.pixels,
        absolute + other.absolute,
        squared + other.squared,
        gradient + other.gradient);
  }

  /** {@return the mean absolute error, MAE, 0 to 1} */
  public double meanAbsolute() {
    return absolute / (255.0 * pixels);
  }

  /** {@return the mean squared error, MSE, 0 to 1} */
  public double meanSquared() {
    return squared / (255.0 * 255.0 * pixels);
  }

  /** {@return the gradient error, 0 or more; grows with the number of pixels} */
  public double gradient() {
    return gradient;
  }

  /** The length of the gradient at each pixel. */
  private static double[] gradient(byte[] alpha, int width, int height) {
    int reach =
        (int) Math.ceil(SIGMA * Math.sqrt(-2 * Math.log(Math.sqrt(2 * Math.PI) * SIGMA * CUT_OFF)));
    double[] smooth = new double[2 * reach + 1];
    double[] slope = new double[2 * reach + 1];
    double smoothSquares = 0;
    double slopeSquares = 0;
    for (int i = -reach; i <= reach; i++) {
      double gauss = Math.exp(-i * i / (2 * SIGMA * SIGMA)) / (SIGMA * Math.sqrt(2 * Math.PI));
      smooth[i + reach] = gauss;
      slope[i + reach] = -i * gauss / (SIGMA * SIGMA);
      smoothSquares += smooth[i + reach] * smooth[i + reach];
      slopeSquares += slope[i + reach] * slope[i + reach];
    }
    // The two-dimensional kernel, their product, has the norm 1.
    double norm = Math.sqrt(smoothSquares * slopeSquares);
    double[] values = new double[alpha.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (alpha[i] & 0xff) / 255.0;
    }
    double[] x = vertical(horizontal(values, width, slope), width, height, smooth);
    double[] y = vertical(horizontal(values, width, smooth), width, height, slope);
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.sqrt(x[i] * x[i] + y[i] * y[i]) / norm;
    }
    return values;
  }

  private static double[] horizontal(double[] values, int width, double[] kernel) {
    int reach = kernel.length / 2;
    double[] result = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      int x = i % width;
      for (int k = -reach; k <= reach; k++) {
        result[i] += kernel[k + reach] * values[i - x + Math.max(0, Math.min(width - 1, x + k))];
      }
    }
    return result;
  }

  private static double[] vertical(double[] values, int width, int height, double[] kernel) {
    int reach = kernel.length / 2;
    double[] result = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      int y = i / width;
      for (int k = -reach; k <= reach; k++) {
        result[i] +=
            kernel[k + reach] * values[i + (Math.max(0, Math.min(height - 1, y + k)) - y) * width];
      }
    }
    return result;
  }

  /** The three errors. */
  @Override
  public String toString() {
    return "AlphaError[MAE %.4f, MSE %.4f, gradient %.4f]"
        .formatted(meanAbsolute(), meanSquared(), gradient);
  }
}
