package io.github.pixelwise.internal.card;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How samples of 0..255 become a network's numbers: {@code (x * scale - mean) / std}. Recipes give
 * mean and std either for samples of 0..255 or for 0..1; mixing the two is a mistake that shows
 * only in the masks.
 *
 * @param scale the factor
 * @param mean what is subtracted after scaling
 * @param std what the result is divided by
 */
public record Normalization(double scale, List<Double> mean, List<Double> std) {
  /** Scaled samples above this are not meant for 0..1 or -1..1. */
  private static final double HIGHEST_UNIT_SAMPLE = 10;

  /** A std this many times the highest scaled sample leaves nothing of the picture. */
  private static final double TOO_WIDE = 10;

  /**
   * Fails if the three contradict each other.
   *
   * @param prefix the prefix of their names for the reader of the message
   * @throws IllegalArgumentException if they do; the message says what to write instead
   */
  public void requireOneRange(String prefix) {
    if (!contradicts()) {
      return;
    }
    boolean high = meanIsHigh() || stdIsHigh();
    List<String> found = new ArrayList<>();
    if (meanIsHigh()) {
      found.add(
          "the %smean of %s, subtracted after scaling, makes every input negative"
              .formatted(prefix, text(mean)));
    }
    if (meanIsLow()) {
      found.add("the %smean of %s is for samples of 0..1".formatted(prefix, text(mean)));
    }
    if (stdIsHigh()) {
      found.add("the %sstd of %s is for samples of 0..255".formatted(prefix, text(std)));
    }
    if (stdIsLow()) {
      found.add("the %sstd of %s is for samples of 0..1".formatted(prefix, text(std)));
    }
    throw new IllegalArgumentException(
        "the %sscale of %s makes samples of 0..%s, but %s%s"
            .formatted(
                prefix,
                text(scale),
                text(top()),
                String.join(", and ", found),
                advice(prefix, high ? 1 : 1 / 255.0, high ? scale : top())));
  }

  private String advice(String prefix, double otherScale, double factor) {
    List<String> ways = new ArrayList<>();
    if (!new Normalization(otherScale, mean, std).contradicts()) {
      ways.add("%sscale = %s".formatted(prefix, otherScale == 1 ? "1" : "1/255"));
    }
    boolean meanIsWrong = meanIsHigh() || meanIsLow();
    boolean stdIsWrong = stdIsHigh() || stdIsLow();
    List<Double> otherMean = meanIsWrong ? times(mean, factor) : mean;
    List<Double> otherStd = stdIsWrong ? times(std, factor) : std;
    if (!new Normalization(scale, otherMean, otherStd).contradicts()) {
      List<String> lines = new ArrayList<>();
      if (meanIsWrong) {
        lines.add("%smean = %s".formatted(prefix, text(otherMean)));
      }
      if (stdIsWrong) {
        lines.add("%sstd = %s".formatted(prefix, text(otherStd)));
      }
      ways.add(String.join(" with ", lines));
    }
    return ways.isEmpty() ? "." : ". Write " + String.join(", or ", ways) + ".";
  }

  private boolean contradicts() {
    return meanIsHigh() || meanIsLow() || stdIsHigh() || stdIsLow();
  }

  /** The highest sample after scaling. */
  private double top() {
    return 255 * scale;
  }

  private boolean meanIsHigh() {
    return mean.stream().anyMatch(m -> m > top());
  }

  private boolean stdIsHigh() {
    return std.stream().anyMatch(s -> s > TOO_WIDE * top());
  }

  private boolean meanIsLow() {
    return top() > HIGHEST_UNIT_SAMPLE
        && mean.stream().allMatch(m -> Math.abs(m) <= 1)
        && mean.stream().anyMatch(m -> m != 0);
  }

  private boolean stdIsLow() {
    return top() > HIGHEST_UNIT_SAMPLE && std.stream().anyMatch(s -> s < 1);
  }

  private static List<Double> times(List<Double> numbers, double factor) {
    return numbers.stream().map(number -> number * factor).toList();
  }

  private static String text(List<Double> numbers) {
    return numbers.stream().map(Normalization::text).collect(Collectors.joining(", "));
  }

  private static String text(double number) {
    return new BigDecimal(number).round(new MathContext(6)).stripTrailingZeros().toPlainString();
  }
}
