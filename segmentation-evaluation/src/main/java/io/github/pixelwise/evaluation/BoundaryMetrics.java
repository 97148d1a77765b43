package io.github.pixelwise.evaluation;

/** How well the outlines of classes are found. */
public final class BoundaryMetrics {
  BoundaryMetrics() {}

  /**
   * Returns a class's boundary IoU.
   *
   * @param category the class
   * @return 0 to 1, or NaN by the rule
   */
  public double iou(int category) {
    return Double.NaN;
  }

  /**
   * Returns a class's boundary F-score.
   *
   * @param category the class
   * @return 0 to 1, or NaN by the rule
   */
  public double fScore(int category) {
    return Double.NaN;
  }

  /** {@return the mean boundary IoU} */
  public double meanIou() {
    return Double.NaN;
  }

  /** {@return the mean boundary F-score} */
  public double meanFScore() {
    return Double.NaN;
  }
}
