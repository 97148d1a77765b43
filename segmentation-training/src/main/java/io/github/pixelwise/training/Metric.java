package io.github.pixelwise.training;

/** A number that says how well training goes, computed after each epoch. */
public enum Metric {
  /** The mean IoU on the validation photographs; higher is better. */
  MEAN_IOU,

  /** The mean loss; lower is better. */
  LOSS;

  /** {@return whether a higher number is better} */
  public boolean higherIsBetter() {
    return this == MEAN_IOU;
  }

  /** {@return the number that any other is better than} */
  double worst() {
    return higherIsBetter() ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
  }

  /** Returns whether a value is better than the best so far; NaN never is. */
  boolean isBetter(double value, double best) {
    return higherIsBetter() ? value > best : value < best;
  }

  @Override
  public String toString() {
    return this == MEAN_IOU ? "mean IoU" : "loss";
  }
}
