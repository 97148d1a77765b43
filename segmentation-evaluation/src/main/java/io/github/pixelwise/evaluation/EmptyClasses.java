package io.github.pixelwise.evaluation;

import java.util.Locale;

/**
 * What a metric of a class is where its denominator is zero: the IoU of a class that neither truth
 * nor prediction has, the recall of a class that the truth lacks. Programs differ here, so that the
 * same masks get different means; a number without its rule cannot be compared.
 */
public enum EmptyClasses {
  /** No number, and the means are taken over the other classes, as mmsegmentation does. */
  SKIP,
  /** No number, and neither is a mean over it, as in torchvision's reference scripts. */
  NAN,
  /** 0: the model is blamed for classes that it could not find. */
  ZERO,
  /** 1, as in PaddleSeg: nothing to find, and nothing wrongly found. */
  ONE;

  /** {@return the word that stands for the rule in the command and in reports} */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  double quotient(long numerator, long denominator) {
    if (denominator != 0) {
      return (double) numerator / denominator;
    }
    return switch (this) {
      case SKIP, NAN -> Double.NaN;
      case ZERO -> 0;
      case ONE -> 1;
    };
  }

  /** The mean by this rule; NaN if there is nothing to take it over. */
  double mean(double[] values) {
    return this == SKIP
        ? Sums.mean(values, value -> !Double.isNaN(value))
        : Sums.mean(values, value -> true);
  }
}
