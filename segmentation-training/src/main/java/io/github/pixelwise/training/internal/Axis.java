package io.github.pixelwise.training.internal;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * A scale with ticks at round numbers.
 *
 * @param low its start, a multiple of the step
 * @param high its end, above the start
 * @param step from tick to tick
 */
record Axis(double low, double high, double step) {
  private static final int TICKS = 5;

  /** Finer steps and larger numbers are written with an exponent. */
  private static final int MOST_DIGITS = 5;

  private static final double MOST_PLAIN = 1e6;

  /** A scale from tick to tick that has room for all values between these. */
  static Axis of(double lowest, double highest) {
    double low = lowest;
    double high = highest;
    if (high - low <= 1e-9 * Math.max(Math.abs(low), Math.abs(high))) {
      // One value alone is shown by its distance from zero.
      low = Math.min(0, low);
      high = high == 0 ? 1 : Math.max(0, high);
    } else if (low > 0 && low < high / 2) {
      low = 0;
    }
    double step = round((high - low) / TICKS);
    return new Axis(Math.floor(low / step) * step, Math.ceil(high / step) * step, step);
  }

  /**
   * A scale for most of these values, which are numbers. The highest twentieth has no room on it if
   * it would take more than four fifths of the scale, as with a loss that jumps once.
   */
  static Axis ofMost(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double low = sorted[0];
    double high = sorted[sorted.length - 1];
    double most = sorted[sorted.length - 1 - sorted.length / 20];
    return of(low, high - low > 5 * (most - low) ? most : high);
  }

  /** A scale from zero to this end, with ticks at whole numbers. */
  static Axis whole(double end) {
    double high = Math.max(1, end);
    return new Axis(0, high, Math.max(1, round(high / TICKS)));
  }

  /** The next of 1, 2 and 5 times a power of ten. */
  private static double round(double step) {
    double power = Math.pow(10, Math.floor(Math.log10(step)));
    double digit = step / power;
    return power * (digit < 1.001 ? 1 : digit < 2.001 ? 2 : digit < 5.001 ? 5 : 10);
  }

  List<Double> ticks() {
    int count = (int) Math.floor((high - low) / step + 1e-6);
    return IntStream.rangeClosed(0, count).mapToObj(i -> low + i * step).toList();
  }

  /** Where a value lies, from 0 at the start to 1 at the end. */
  double position(double value) {
    return (value - low) / (high - low);
  }

  /** A tick's number, with as many digits as the step has. */
  String label(double tick) {
    int digits = (int) Math.max(0, -Math.floor(Math.log10(step) + 1e-6));
    if (digits > MOST_DIGITS || Math.max(Math.abs(low), Math.abs(high)) >= MOST_PLAIN) {
      return tick == 0 ? "0" : String.format(Locale.ROOT, "%.1e", tick);
    }
    return BigDecimal.valueOf(tick).setScale(digits, RoundingMode.HALF_EVEN).toPlainString();
  }
}
