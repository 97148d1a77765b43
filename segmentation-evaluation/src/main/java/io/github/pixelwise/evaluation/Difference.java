package io.github.pixelwise.evaluation;

/**
 * How a metric of two runs differs.
 *
 * @param a the metric of the first run; NaN if it has none
 * @param b the metric of the second run; NaN if it has none
 * @param low the lower end of the interval that holds {@code b - a} with a confidence of 95 %; NaN
 *     if there is none
 * @param high its upper end
 */
public record Difference(double a, double b, double low, double high) {
  /** {@return {@code b - a}; above 0 if the second run is better} */
  public double change() {
    return b - a;
  }

  /** {@return whether the interval leaves out 0, so that chance is an unlikely reason} */
  public boolean isClear() {
    return low > 0 || high < 0;
  }
}
