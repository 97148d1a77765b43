package io.github.pixelwise.zoo;

import java.util.List;

/** Lists names in messages. */
final class Listing {
  /** A repository may have thousands of files. */
  private static final int MOST = 20;

  private Listing() {}

  /** Returns the names separated by commas: the first twenty, and how many there are more. */
  static String of(List<String> names) {
    return names.size() <= MOST
        ? String.join(", ", names)
        : "%s and %d more"
            .formatted(String.join(", ", names.subList(0, MOST)), names.size() - MOST);
  }
}
