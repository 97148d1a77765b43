package io.github.pixelwise.training;

/** Checks of settings. A message names the setting, its value, and what it must be. */
final class Range {
  private Range() {}

  /** Returns a finite number that is 0 or more. */
  static double notNegative(String setting, double value) {
    return check(setting, value, value >= 0, "0 or more");
  }

  /** Returns a finite number that is more than 0. */
  static double positive(String setting, double value) {
    return check(setting, value, value > 0, "more than 0");
  }

  /** Returns a finite number that is 1 or more. */
  static double atLeastOne(String setting, double value) {
    return check(setting, value, value >= 1, "1 or more");
  }

  /** Returns a number from 0 to 1, both included. */
  static double share(String setting, double value) {
    return check(setting, value, value >= 0 && value <= 1, "from 0 to 1");
  }

  /** Returns a number from 0 to 1, without 1. */
  static double belowOne(String setting, double value) {
    return check(setting, value, value >= 0 && value < 1, "0 or more, and less than 1");
  }

  /** Returns a number between 0 and 1, without both. */
  static double reduction(String setting, double value) {
    return check(setting, value, value > 0 && value < 1, "more than 0, and less than 1");
  }

  /** Returns an integer that is at least the minimum. */
  static int atLeast(int minimum, String setting, int value) {
    if (value < minimum) {
      throw error(setting, value, minimum + " or more");
    }
    return value;
  }

  private static double check(String setting, double value, boolean inRange, String range) {
    if (!inRange) {
      throw error(setting, value, range);
    }
    if (Double.isInfinite(value)) {
      throw error(setting, value, "finite");
    }
    return value;
  }

  private static IllegalArgumentException error(String setting, Number value, String range) {
    return new IllegalArgumentException("%s is %s; it must be %s".formatted(setting, value, range));
  }
}
