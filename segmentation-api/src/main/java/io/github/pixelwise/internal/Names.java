package io.github.pixelwise.internal;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the name a user may have meant. */
public final class Names {
  private Names() {}

  /** {@code ", did you mean \"x\"?"} if a known name is near, else nothing. */
  public static String suggestion(String asked, Collection<String> known) {
    return nearest(asked, known).map(name -> " (did you mean \"" + name + "\"?)").orElse("");
  }

  /**
   * The known name with the fewest edits, if they are at most a third of its letters, or it begins
   * so.
   */
  static Optional<String> nearest(String asked, Collection<String> known) {
    String wanted = asked.toLowerCase(Locale.ROOT);
    return known.stream()
        .filter(name -> isNear(wanted, name.toLowerCase(Locale.ROOT)))
        .min(
            Comparator.comparingInt((String name) -> edits(wanted, name.toLowerCase(Locale.ROOT)))
                .thenComparing(Comparator.naturalOrder()));
  }

  private static boolean isNear(String wanted, String name) {
    return edits(wanted, name) <= Math.max(1, name.length() / 3)
        || (wanted.length() > 2 && name.startsWith(wanted));
  }

  /** Levenshtein's distance. */
  private static int edits(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substituted, Math.min(row[j - 1], row[j]) + 1);
      }
    }
    return row[b.length()];
  }
}
