package io.github.pixelwise.cli;

import io.github.pixelwise.LabelMap;
import java.util.ArrayList;
import java.util.List;

/** Values of {@code --class}: names separated by commas, which may contain commas themselves. */
final class ClassOption {
  private ClassOption() {}

  /**
   * Finds the classes. From the left, the longest run of parts that is a class name is taken, then
   * the rest in the same way. A comma after a backslash never separates.
   *
   * @throws IllegalArgumentException if there is no class with that name
   */
  static List<String> names(List<String> values, LabelMap labels) {
    List<String> names = new ArrayList<>();
    for (String value : values) {
      String[] parts = value.split("(?<!\\\\),");
      int end;
      for (int start = 0; start < parts.length; start = end) {
        end = parts.length;
        while (end > start + 1 && labels.find(name(parts, start, end)).isEmpty()) {
          end--;
        }
        names.add(labels.name(labels.category(name(parts, start, end))));
      }
    }
    return names;
  }

  private static String name(String[] parts, int start, int end) {
    return String.join(",", List.of(parts).subList(start, end)).replace("\\,", ",").strip();
  }
}
