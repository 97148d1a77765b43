package io.github.pixelwise.quantization;

/** How the range of a tensor's values on the photos becomes the range that 8 bits stand for. */
public enum Calibration {
  /** The whole range: no value is cut off. */
  MIN_MAX,

  /**
   * The range without the rarest values, half of them at each end, which are cut off: the others
   * get finer steps.
   */
  PERCENTILE
}
