package io.github.pixelwise.model;

/** How an image is resampled. */
public enum Interpolation {
  /**
   * Triangle filter, widened when shrinking (antialiased): identical to Pillow's {@code BILINEAR},
   * which torchvision's transforms use for Pillow images.
   */
  BILINEAR,
  /** Cubic filter with a = -0.5, widened when shrinking: identical to Pillow's {@code BICUBIC}. */
  BICUBIC,
  /**
   * Sinc filter with three lobes on each side, widened when shrinking: identical to Pillow's {@code
   * LANCZOS}.
   */
  LANCZOS,
  /** The nearest pixel: identical to Pillow's {@code NEAREST}. */
  NEAREST,
  /**
   * Linear between the two nearest pixels of each axis, without antialiasing, for networks trained
   * with OpenCV's {@code INTER_LINEAR}: differs from it by at most 1.
   */
  OPENCV_LINEAR
}
