package io.github.pixelwise.postprocess;

import io.github.pixelwise.AlphaMask;
import java.util.Arrays;

/**
 * A Gaussian blur that gives exactly the same result as OpenCV 4's {@code GaussianBlur} for 8-bit
 * images. Immutable, compared by content.
 *
 * <p>OpenCV (imgproc, {@code smooth.dispatch.cpp}) rounds the kernel to multiples of 1/256 that sum
 * to 1, filters rows and columns in integers and rounds once, at the end. Beyond the border the
 * picture is mirrored about the center of its outermost pixels (reflect 101).
 */
public final class GaussianBlur {
  /** The largest kernel, which covers any picture worth softening. */
  private static final int MAX_SIZE = 4095;

  private static final double MAX_SIGMA = 682;

  /** OpenCV's kernels for the sizes 1, 3, 5, 7 and 9, in 1/256. */
  private static final int[][] SMALL = {
    {256},
    {64, 128, 64},
    {16, 64, 96, 64, 16},
    {8, 28, 56, 72, 56, 28, 8},
    {4, 13, 30, 51, 60, 51, 30, 13, 4},
  };

  /** In 1/256; symmetric. */
  private final int[] kernel;

  private GaussianBlur(int[] kernel) {
    this.kernel = kernel;
  }

  /**
   * Returns a blur with a kernel size, like OpenCV's with {@code ksize = (size, size)} and {@code
   * sigma = 0}: sigma is {@code 0.15 * size + 0.35}, or approximately that for sizes up to 9.
   *
   * @param size the side of the square that a pixel is averaged over, in pixels, odd, 1 to 4095
   * @return the blur
   * @throws IllegalArgumentException if the size is even or out of range
   */
  public static GaussianBlur ofKernelSize(int size) {
    if (size < 1 || size > MAX_SIZE || size % 2 == 0) {
      throw new IllegalArgumentException(
          "the kernel size must be odd and lie in 1..%d, found %d".formatted(MAX_SIZE, size));
    }
    return new GaussianBlur(
        size / 2 < SMALL.length ? SMALL[size / 2] : kernel(size, 0.15 * size + 0.35));
  }

  /**
   * Returns a blur with a standard deviation, like OpenCV's with {@code ksize = (0, 0)}: the kernel
   * size is {@code 6 * sigma + 1}, rounded to an odd number.
   *
   * @param sigma the standard deviation in pixels, above 0, at most 682
   * @return the blur
   * @throws IllegalArgumentException if sigma is out of range
   */
  public static GaussianBlur ofSigma(double sigma) {
    if (!(sigma > 0 && sigma <= MAX_SIGMA)) {
      throw new IllegalArgumentException(
          "sigma must be above 0 and at most %.0f, found %s".formatted(MAX_SIGMA, sigma));
    }
    return new GaussianBlur(kernel((int) Math.rint(6 * sigma + 1) | 1, sigma));
  }

  /**
   * The Gaussian in 1/256. The rounding error of each tap is passed on to the next one toward the
   * center.
   */
  private static int[] kernel(int size, double sigma) {
    int center = size / 2;
    double[] exact = new double[center];
    double sum = 0;
    for (int i = 0; i < center; i++) {
      double distance = center - i;
      exact[i] = StrictMath.exp(-0.5 * distance * distance / (sigma * sigma));
      sum += exact[i];
    }
    int[] kernel = new int[size];
    kernel[center] = 256;
    double error = 0;
    for (int i = 0; i < center; i++) {
      double wanted = exact[i] / (2 * sum + 1) * 256 + error;
      kernel[i] = (int) Math.rint(wanted);
      error = wanted - kernel[i];
      kernel[size - 1 - i] = kernel[i];
      kernel[center] -= 2 * kernel[i];
    }
    return kernel;
  }

  /**
   * Returns the size of the kernel.
   *
   * @return the side of the square that a pixel is averaged over, in pixels, odd
   */
  public int kernelSize() {
    return kernel.length;
  }

  AlphaMask apply(AlphaMask alpha) {
    return Convolution.apply(alpha, kernel);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof GaussianBlur that && Arrays.equals(kernel, that.kernel);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(kernel);
  }

  @Override
  public String toString() {
    return "GaussianBlur[%d x %d]".formatted(kernel.length, kernel.length);
  }
}
