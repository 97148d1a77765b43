package io.github.pixelwise.evaluation.internal.html;

import java.util.Locale;

/** Numbers as people read them, the same in every locale. */
public final class Numbers {
  private Numbers() {}

  /** A share, a score, or a loss with four digits; a dash where there is none. */
  public static String score(double value) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.4f", value);
  }

  /** A difference with four digits and its sign; a dash where there is none. */
  public static String difference(double value) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%+.4f", value);
  }

  /** Any number with four significant digits. */
  public static String value(double value) {
    return String.format(Locale.ROOT, "%.4g", value);
  }

  /** A learning rate with three significant digits. */
  public static String rate(double value) {
    return String.format(Locale.ROOT, "%.3g", value);
  }

  /** A number with one digit after the point. */
  public static String tenths(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  /** A share in percent. */
  public static String percent(double share) {
    return tenths(100 * share) + " %";
  }

  /** A number of things, with commas between groups of three digits. */
  public static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /** A number of things and their name. */
  public static String count(long value, String one, String many) {
    return count(value) + ' ' + (value == 1 ? one : many);
  }

  /** The two largest units of a time, such as {@code 4 min 10 s}. */
  public static String duration(double seconds) {
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
