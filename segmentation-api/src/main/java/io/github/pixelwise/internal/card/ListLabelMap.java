package io.github.pixelwise.internal.card;

import io.github.pixelwise.LabelMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The label map behind {@link LabelMap#of}.
 *
 * @param names the names in the order of the categories
 * @param ignoreIndex the category of void pixels
 */
public record ListLabelMap(List<String> names, int ignoreIndex) implements LabelMap {
  /** Checks names and ignore index. */
  public ListLabelMap {
    names = List.copyOf(names);
    if (names.isEmpty()) {
      throw new IllegalArgumentException("a label map needs at least one name, found none");
    }
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      if (name.isBlank()) {
        throw new IllegalArgumentException("a label must not be blank, found " + names);
      }
      if (!seen.add(name.toLowerCase(Locale.ROOT))) {
        throw new IllegalArgumentException("labels must be unique, found twice: " + name);
      }
    }
    if (ignoreIndex < names.size() || ignoreIndex > 65535) {
      throw new IllegalArgumentException(
          "the ignore index must lie in %d..65535, beyond the classes, found %d"
              .formatted(names.size(), ignoreIndex));
    }
  }

  @Override
  public int size() {
    return names.size();
  }

  @Override
  public String name(int category) {
    return category == ignoreIndex ? "void" : names.get(category);
  }

  @Override
  public OptionalInt find(String name) {
    for (int category = 0; category < names.size(); category++) {
      if (names.get(category).equalsIgnoreCase(name)) {
        return OptionalInt.of(category);
      }
    }
    return OptionalInt.empty();
  }
}
