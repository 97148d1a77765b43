package io.github.pixelwise.products;

import io.github.pixelwise.LabelMap;
import io.github.pixelwise.Thresholds;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Thresholds as text: {@code CLASS=P}, or {@code P} for all classes, separated by commas. A part
 * that is neither is the beginning of the next part's class name, so names may contain commas. A
 * comma after a backslash never separates.
 */
final class ThresholdList {
  private static final Pattern FORM = Pattern.compile("(?:(.+)=)?([^=]+)");

  private ThresholdList() {}

  /**
   * Checks all but the names of classes.
   *
   * @throws IllegalArgumentException if it is no such list, a class has two thresholds, or one is
   *     outside 0..1
   */
  static void check(String text) {
    Map<String, String> seen = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    parse(text, name -> seen.computeIfAbsent(name, first -> first));
  }

  /**
   * Reads thresholds for classes of a model.
   *
   * @throws IllegalArgumentException as {@link #check} does, or if a class does not exist
   */
  static Thresholds parse(String text, LabelMap labels) {
    return parse(text, name -> labels.name(labels.category(name)));
  }

  private static Thresholds parse(String text, UnaryOperator<String> names) {
    Map<String, Double> byClass = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    OptionalDouble general = OptionalDouble.empty();
    StringBuilder value = new StringBuilder();
    for (String part : text.split(ClassNames.SEPARATOR, -1)) {
      value.append(value.isEmpty() ? "" : ",").append(part);
      Matcher parts = FORM.matcher(value);
      if (!parts.matches() || !isNumber(parts.group(2))) {
        if (part.contains("=")) {
          break;
        }
        continue; // a name that goes on after the comma
      }
      double probability = Double.parseDouble(parts.group(2));
      if (parts.group(1) != null) {
        String name = names.apply(ClassNames.unescaped(parts.group(1)));
        if (byClass.containsKey(name)) {
          throw new IllegalArgumentException(
              "class \"%s\" already has a threshold: %s".formatted(name, byClass.get(name)));
        }
        byClass.put(name, probability);
      } else if (general.isPresent()) {
        throw new IllegalArgumentException(
            "there is already a threshold for all classes: " + general.getAsDouble());
      } else {
        general = OptionalDouble.of(probability);
      }
      value.setLength(0);
    }
    if (!value.isEmpty() || text.isEmpty()) {
      throw new IllegalArgumentException(
          "key threshold: expected CLASS=P, for example cat=0.7, or P for all classes, found \"%s\""
              .formatted(value.toString().strip()));
    }
    return new Thresholds(general.orElse(0), byClass, Optional.empty());
  }

  private static boolean isNumber(String text) {
    try {
      return !Double.isNaN(Double.parseDouble(text));
    } catch (NumberFormatException e) {
      return false;
    }
  }
}
