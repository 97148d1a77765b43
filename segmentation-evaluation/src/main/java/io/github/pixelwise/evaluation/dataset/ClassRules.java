package io.github.pixelwise.evaluation.dataset;

import io.github.pixelwise.LabelMap;
import io.github.pixelwise.internal.util.Names;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * Which class each value of a data set's files is. A value is a mask's index, a color {@code
 * #rrggbb}, or the name of a category or color. Immutable.
 */
final class ClassRules {
  /** What is no class and not void. */
  static final int UNKNOWN = -1;

  /** The value that stands for all others. */
  private static final String OTHERS = "*";

  private static final String VOID = "void";

  private final LabelMap labels;

  /** By value in lower case. */
  private final Map<String, Integer> classes = new HashMap<>();

  /** Whether values that are not mentioned are classes by themselves: by index or by name. */
  private final boolean plain;

  private ClassRules(LabelMap labels, boolean plain) {
    this.labels = labels;
    this.plain = plain;
  }

  /**
   * Makes rules.
   *
   * @param labels the classes
   * @param plain whether values that are not mentioned are classes by themselves
   * @param values the names of classes, by value; nothing or {@code void} is void
   * @param ignored more values that are void
   * @throws IllegalArgumentException if there is no class of a name
   */
  static ClassRules of(
      LabelMap labels, boolean plain, Map<String, String> values, List<String> ignored) {
    ClassRules rules = new ClassRules(labels, plain);
    values.forEach((value, name) -> rules.classes.put(key(value), rules.named(name)));
    ignored.forEach(value -> rules.classes.put(key(value), labels.ignoreIndex()));
    return rules;
  }

  private static String key(String value) {
    return value.toLowerCase(Locale.ROOT);
  }

  private int named(String name) {
    OptionalInt category = labels.find(name);
    if (category.isPresent()) {
      return category.getAsInt();
    }
    if (name.isEmpty() || name.equalsIgnoreCase(VOID)) {
      return labels.ignoreIndex();
    }
    throw new IllegalArgumentException(
        "no class is named \"%s\"%s; the classes are %s"
            .formatted(
                name, Names.suggestion(name, labels.names()), String.join(", ", labels.names())));
  }

  LabelMap labels() {
    return labels;
  }

  /** Whether a value is mentioned that is a color. */
  boolean hasColors() {
    return classes.keySet().stream().anyMatch(value -> value.startsWith("#"));
  }

  /** The class of a category or color by name, the ignore index, or {@link #UNKNOWN}. */
  int category(String name) {
    Integer category = classes.get(key(name));
    if (category != null) {
      return category;
    }
    if (plain && labels.find(name).isPresent()) {
      return labels.category(name);
    }
    int others = others();
    return others == UNKNOWN && name.equalsIgnoreCase(VOID) ? labels.ignoreIndex() : others;
  }

  /**
   * The class of a label, or the ignore index.
   *
   * @param file the file with the label, for the message
   * @param label the label
   * @param place what has the label, such as {@code shape 1}, for the message
   * @throws IOException if it is no class
   */
  int category(Path file, String label, String place) throws IOException {
    int category = category(label);
    if (category == UNKNOWN) {
      throw new IOException(
          "%s: no class is named %s, the label of %s; the classes are %s. Map it to one (values), or make it void (ignore)."
              .formatted(file, label, place, String.join(", ", labels.names())));
    }
    return category;
  }

  private int others() {
    return classes.getOrDefault(OTHERS, UNKNOWN);
  }

  /**
   * The class of each index up to 65535, the ignore index, or {@link #UNKNOWN}.
   *
   * @throws IllegalArgumentException if a value that is mentioned is no index
   */
  int[] byIndex() {
    int[] table = new int[1 << 16];
    Arrays.fill(table, others());
    if (plain) {
      Arrays.setAll(table, value -> value < labels.size() ? value : table[value]);
      table[labels.ignoreIndex()] = labels.ignoreIndex();
    }
    classes.forEach(
        (value, category) -> {
          if (!value.equals(OTHERS)) {
            table[index(value)] = category;
          }
        });
    return table;
  }

  private static int index(String value) {
    if (!value.matches("\\d{1,5}") || Integer.parseInt(value) > 0xffff) {
      throw new IllegalArgumentException(
          "\"%s\" is no value of a mask, which are 0 to 65535".formatted(value));
    }
    return Integer.parseInt(value);
  }

  /**
   * The class of each color.
   *
   * @param list what colors are called
   * @throws IllegalArgumentException if a color that is listed has no class, or a value is neither
   *     a color nor the name of one
   */
  Colors byColor(ColorList list) {
    Map<Integer, Integer> colors = new TreeMap<>();
    list.colors()
        .forEach(
            (name, color) -> {
              int category = classes.getOrDefault("#%06x".formatted(color), category(name));
              if (category == UNKNOWN) {
                throw new IllegalArgumentException(
                    ("the color %s has no class%s; the classes are %s. Map it to one (values), or"
                            + " make it void (ignore).")
                        .formatted(
                            name,
                            Names.suggestion(name, labels.names()),
                            String.join(", ", labels.names())));
              }
              colors.put(color, category);
            });
    classes.forEach(
        (value, category) -> {
          if (value.matches("#\\p{XDigit}{6}")) {
            colors.put(Integer.parseInt(value.substring(1), 16), category);
          } else if (!value.equals(OTHERS)
              && list.colors().keySet().stream().noneMatch(value::equalsIgnoreCase)) {
            throw new IllegalArgumentException(
                "\"%s\" is neither a color #rrggbb nor the name of one%s"
                    .formatted(value, Names.suggestion(value, list.colors().keySet())));
          }
        });
    return new Colors(
        colors.keySet().stream().mapToInt(color -> color).toArray(),
        colors.values().stream().mapToInt(category -> category).toArray(),
        others());
  }

  /** Classes by color: sorted arrays, as a map would make objects of every pixel. */
  static final class Colors {
    private final int[] colors;
    private final int[] categories;
    private final int others;

    private Colors(int[] colors, int[] categories, int others) {
      this.colors = colors;
      this.categories = categories;
      this.others = others;
    }

    int category(int color) {
      int found = Arrays.binarySearch(colors, color);
      return found >= 0 ? categories[found] : others;
    }
  }

  /** An error that says how many pixels have which values that are no class. */
  IOException unknown(Object file, Map<Integer, Long> pixels, boolean colors) {
    StringBuilder found = new StringBuilder();
    int shown = 0;
    for (Map.Entry<Integer, Long> entry : new TreeMap<>(pixels).entrySet()) {
      if (shown == 8) {
        found.append(", and %d more values".formatted(pixels.size() - shown));
        break;
      }
      found
          .append(shown++ == 0 ? "" : ", ")
          .append((colors ? "#%06x" : "%d").formatted(entry.getKey()))
          .append(" (%d pixels)".formatted(entry.getValue()));
    }
    return new IOException(
        ("%s: no class has the value %s; there are %d classes. Map it to one (values), or make it"
                + " void (ignore).")
            .formatted(file, found, labels.size()));
  }
}
