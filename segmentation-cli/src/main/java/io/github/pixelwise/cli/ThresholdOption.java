package io.github.pixelwise.cli;

import io.github.pixelwise.LabelMap;
import io.github.pixelwise.Thresholds;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * One value of {@code --threshold}.
 *
 * @param name the class; empty for all classes
 * @param probability its threshold
 */
record ThresholdOption(String name, double probability) {
  /**
   * Combines the values.
   *
   * @throws IllegalArgumentException if a class does not exist or has two thresholds, or if a
   *     threshold is outside 0..1
   */
  static Thresholds combined(List<ThresholdOption> values, LabelMap labels) {
    Thresholds thresholds = Thresholds.NONE;
    boolean general = false;
    for (ThresholdOption value : values) {
      if (!value.name.isEmpty()) {
        String name = labels.name(labels.category(value.name));
        thresholds = thresholds.and(name, value.probability);
      } else if (general) {
        throw new IllegalArgumentException(
            "there is already a threshold for all classes: " + thresholds.general());
      } else {
        general = true;
        thresholds =
            new Thresholds(value.probability, thresholds.byClass(), thresholds.undecided());
      }
    }
    return thresholds;
  }

  /** Reads {@code CLASS=P} or {@code P}. */
  static final class Converter implements ITypeConverter<ThresholdOption> {
    private static final Pattern FORM = Pattern.compile("(?:(.+)=)?([^=]+)");

    @Override
    public ThresholdOption convert(String value) {
      Matcher parts = FORM.matcher(value);
      try {
        if (parts.matches()) {
          String name = parts.group(1) == null ? "" : parts.group(1).strip();
          return new ThresholdOption(name, Double.parseDouble(parts.group(2)));
        }
      } catch (NumberFormatException e) {
        throw wrong(value);
      }
      throw wrong(value);
    }

    private static TypeConversionException wrong(String value) {
      return new TypeConversionException(
          "expected CLASS=P, for example cat=0.7, or P for all classes, found \"" + value + "\"");
    }
  }
}
