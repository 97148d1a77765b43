package io.github.pixelwise.model;

/** How an image is resampled. */
public enum Interpolation {
  /**
   * Triangle filter, widened when shrinking (antialiased): Pillow's {@code BILINEAR}, to the bit,
   * and what torchvision's transforms do with Pillow images.
   */
  BILINEAR,
  /** Cubic filter with a = -0.5, widened when shrinking: Pillow's {@code BICUBIC}, to the bit. */
  BICUBIC,
  /** The nearest pixel: Pillow's {@code NEAREST}, to the bit. */
  NEAREST,
  /**
   * Between the two nearest pixels of each axis, without antialiasing: OpenCV's {@code
   * INTER_LINEAR}, within 1, for networks that were trained with it.
   */
  OPENCV_LINEAR
}
