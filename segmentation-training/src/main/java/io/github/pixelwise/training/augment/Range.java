package io.github.pixelwise.training.augment;

import java.util.random.RandomGenerator;

/** Numbers, one of which is drawn. */
record Range(double min, double max) {
  static final Range ONE = new Range(1, 1);
  static final Range ZERO = new Range(0, 0);

  /** Checks a range; {@code what} begins the message. */
  static Range of(String what, double min, double max, double lowest, double highest) {
    if (!(lowest <= min && min <= max && max <= highest)) {
      throw new IllegalArgumentException(
          "%s must be a range within %s, found %s"
              .formatted(what, text(lowest, highest), text(min, max)));
    }
    return new Range(min, max);
  }

  /** Checks one number; {@code what} begins the message. */
  static double require(String what, double value, double lowest, double highest) {
    if (!(lowest <= value && value <= highest)) {
      throw new IllegalArgumentException(
          "%s must lie in %s, found %s".formatted(what, text(lowest, highest), text(value)));
    }
    return value;
  }

  static double probability(String what, double probability) {
    return require("the probability of " + what, probability, 0, 1);
  }

  boolean isOnly(double value) {
    return min == value && max == value;
  }

  double draw(RandomGenerator random) {
    return min + (max - min) * random.nextDouble();
  }

  /** Draws so that halving is as probable as doubling. */
  double drawLogarithmically(RandomGenerator random) {
    double drawn = Math.log(min) + (Math.log(max) - Math.log(min)) * random.nextDouble();
    return min == max ? min : Math.exp(drawn);
  }

  private static String text(double min, double max) {
    return text(min) + ".." + text(max);
  }

  private static String text(double number) {
    return number == (int) number ? Integer.toString((int) number) : Double.toString(number);
  }

  @Override
  public String toString() {
    return text(min, max);
  }
}
