package io.github.pixelwise.evaluation;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.function.DoublePredicate;

/** Sums that do not depend on the order of their terms, so that a report is the same every time. */
final class Sums {
  private Sums() {}

  /** The exact sum, rounded once; NaN if a term is. */
  static double sum(double[] values) {
    BigDecimal sum = BigDecimal.ZERO;
    for (double value : values) {
      if (Double.isNaN(value)) {
        return Double.NaN;
      }
      sum = sum.add(new BigDecimal(value));
    }
    return sum.doubleValue();
  }

  /** The mean of the values that count; NaN if none does. */
  static double mean(double[] values, DoublePredicate counts) {
    double[] counted = Arrays.stream(values).filter(counts).toArray();
    return counted.length == 0 ? Double.NaN : sum(counted) / counted.length;
  }
}
