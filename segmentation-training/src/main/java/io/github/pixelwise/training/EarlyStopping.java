package io.github.pixelwise.training;

import java.util.List;

/**
 * Ends a training run that no longer gets better. Immutable. It has no state: it looks at the
 * metrics of all epochs so far.
 */
public final class EarlyStopping {
  private final Metric metric;
  private final int patience;
  private final double minimumImprovement;

  private EarlyStopping(Metric metric, int patience, double minimumImprovement) {
    this.metric = metric;
    this.patience = Range.atLeast(1, "the patience of early stopping", patience);
    this.minimumImprovement =
        Range.notNegative("the minimum improvement of early stopping", minimumImprovement);
  }

  /**
   * Stops when the metric has not been better than its best for some epochs.
   *
   * @param metric the metric
   * @param patience the number of epochs in a row, 1 or more
   * @return the rule
   * @throws IllegalArgumentException if the patience is less than 1
   */
  public static EarlyStopping of(Metric metric, int patience) {
    return new EarlyStopping(metric, patience, 0);
  }

  /**
   * Returns this rule, which counts only improvements of more than this.
   *
   * @param improvement the least difference from the best metric so far, 0 or more
   * @return the rule
   * @throws IllegalArgumentException if the improvement is negative or not finite
   */
  public EarlyStopping withMinimumImprovement(double improvement) {
    return new EarlyStopping(metric, patience, improvement);
  }

  /** {@return the metric to watch} */
  public Metric metric() {
    return metric;
  }

  /**
   * Returns whether to stop.
   *
   * @param metrics the metric after each epoch so far, the first epoch first; NaN is never an
   *     improvement
   * @return whether the last {@code patience} epochs, or more, brought no improvement
   */
  public boolean stopsAfter(List<Double> metrics) {
    double best = metric.worst();
    int waited = 0;
    for (double value : metrics) {
      double limit =
          metric.higherIsBetter() ? best + minimumImprovement : best - minimumImprovement;
      if (metric.isBetter(value, limit)) {
        best = value;
        waited = 0;
      } else {
        waited++;
      }
    }
    return waited >= patience;
  }

  /** Returns whether the other rule has the same settings. */
  @Override
  public boolean equals(Object other) {
    return other instanceof EarlyStopping rule && toString().equals(rule.toString());
  }

  @Override
  public int hashCode() {
    return toString().hashCode();
  }

  /** Returns the settings, as in {@code mean IoU(patience 10, minimum improvement 0.001)}. */
  @Override
  public String toString() {
    return "%s(patience %s, minimum improvement %s)"
        .formatted(metric, patience, minimumImprovement);
  }
}
