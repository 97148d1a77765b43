package io.github.pixelwise.training.internal;

import java.util.Locale;

/** Numbers as people read them, the same in every locale. */
final class Numbers {
  private Numbers() {}

  /** A loss or a share with four digits; a dash where there is none. */
  static String score(double value) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.4f", value);
  }

  /** Any number with four significant digits. */
  static String value(double value) {
    return String.format(Locale.ROOT, "%.4g", value);
  }

  /** A learning rate with three significant digits. */
  static String rate(double value) {
    return String.format(Locale.ROOT, "%.3g", value);
  }

  static String tenths(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  /** A share in percent. */
  static String percent(double share) {
    return tenths(100 * share) + " %";
  }

  /** A number of things and their name, with commas between groups of three digits. */
  static String count(long value, String one, String many) {
    return String.format(Locale.ROOT, "%,d %s", value, value == 1 ? one : many);
  }

  /** The two largest units of a time, such as {@code 4 min 10 s}. */
  static String duration(double seconds) {
    long whole = Math.round(seconds);
    if (whole < 60) {
      return whole + " s";
    }
    if (whole < 3600) {
      return units(whole, "min", 60, "s");
    }
    // Rounded to minutes and hours.
    return whole < 86_370
        ? units(Math.round(whole / 60.0), "h", 60, "min")
        : units(Math.round(whole / 3600.0), "d", 24, "h");
  }

  private static String units(long small, String large, int ratio, String unit) {
    return "%s %s %s %s".formatted(small / ratio, large, small % ratio, unit);
  }
}
