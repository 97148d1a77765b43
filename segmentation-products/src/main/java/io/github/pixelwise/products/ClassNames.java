package io.github.pixelwise.products;

import io.github.pixelwise.LabelMap;
import java.util.ArrayList;
import java.util.List;

/** Names of classes, separated by commas, which may contain commas themselves. */
final class ClassNames {
  /** Commas that are not after a backslash. */
  static final String SEPARATOR = "(?<!\\\\),";

  private ClassNames() {}

  /**
   * Finds the classes. From the left, the longest run of parts that is a class name is taken, then
   * the rest in the same way. A comma after a backslash never separates.
   *
   * @throws IllegalArgumentException if there is no class with that name
   */
  static String[] of(String text, LabelMap labels) {
    List<String> names = new ArrayList<>();
    String[] parts = text.split(SEPARATOR);
    // No name has more parts, so long lists take no longer than they must.
    int most = 1;
    for (String name : labels.names()) {
      most = Math.max(most, name.split(",", -1).length);
    }
    int end;
    for (int start = 0; start < parts.length; start = end) {
      end = Math.min(parts.length, start + most);
      while (end > start + 1 && labels.find(name(parts, start, end)).isEmpty()) {
        end--;
      }
      names.add(labels.name(labels.category(name(parts, start, end))));
    }
    return names.toArray(String[]::new);
  }

  private static String name(String[] parts, int start, int end) {
    return unescaped(String.join(",", List.of(parts).subList(start, end)));
  }

  static String unescaped(String name) {
    return name.replace("\\,", ",").strip();
  }
}
