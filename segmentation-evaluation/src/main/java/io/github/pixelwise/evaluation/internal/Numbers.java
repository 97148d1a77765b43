package io.github.pixelwise.evaluation.internal;

import java.util.Locale;

/** Numbers as people read them, the same in every locale. */
public final class Numbers {
  private Numbers() {}

  /** A share or score with four digits; a dash where there is none. */
  static String score(double value) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.4f", value);
  }

  /** A difference with four digits and its sign; a dash where there is none. */
  public static String difference(double value) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%+.4f", value);
  }

  /** A number of things, with commas between groups of three digits. */
  static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /** A number of things and their name. */
  static String count(long value, String one, String many) {
    return count(value) + ' ' + (value == 1 ? one : many);
  }
}
