package io.github.pixelwise.internal.util;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Finds the name a user may have meant. */
public final class Names {
  /** Nobody mistypes a longer name, and comparing it would take long. */
  private static final int LONGEST = 200;

  /** The most names that a message lists. */
  private static final int FEW = 6;

  private Names() {}

  /** {@code " (did you mean \"x\"?)"} if a known name is similar, else nothing. */
  public static String suggestion(String asked, Collection<String> known) {
    return nearest(asked, known).map(name -> " (did you mean \"" + name + "\"?)").orElse("");
  }

  /**
   * All known models if there are few, or else the most similar ones, as the end of a sentence.
   *
   * @param lists what lists all models, with a verb, such as {@code 'segment models' lists}
   */
  public static String models(String asked, Collection<String> known, String lists) {
    if (known.size() <= FEW) {
      return "Available models: " + String.join(", ", known);
    }
    String wanted = asked.substring(0, Math.min(LONGEST, asked.length())).toLowerCase(Locale.ROOT);
    return known.stream()
        .sorted(byEdits(wanted))
        .limit(FEW)
        .collect(
            Collectors.joining(
                ", ",
                "The most similar of %d models: ".formatted(known.size()),
                "; %s all".formatted(lists)));
  }

  private static Comparator<String> byEdits(String wanted) {
    return Comparator.comparingInt((String name) -> edits(wanted, name.toLowerCase(Locale.ROOT)))
        .thenComparing(Comparator.naturalOrder());
  }

  /**
   * The known name with the fewest edits, if these are at most a third of its letters, or if it
   * begins with the given name.
   */
  static Optional<String> nearest(String asked, Collection<String> known) {
    if (asked.length() > LONGEST) {
      return Optional.empty();
    }
    String wanted = asked.toLowerCase(Locale.ROOT);
    return known.stream()
        .filter(name -> isNear(wanted, name.toLowerCase(Locale.ROOT)))
        .min(byEdits(wanted));
  }

  private static boolean isNear(String wanted, String name) {
    return edits(wanted, name) <= Math.max(1, name.length() / 3)
        || (wanted.length() > 2 && name.startsWith(wanted));
  }

  /** The fewest letters to insert, delete, replace or swap with their neighbor. */
  private static int edits(String a, String b) {
    int[][] edits = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          edits[i][j] = i + j;
          continue;
        }
        int replaced = edits[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        edits[i][j] = Math.min(replaced, Math.min(edits[i - 1][j], edits[i][j - 1]) + 1);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          edits[i][j] = Math.min(edits[i][j], edits[i - 2][j - 2] + 1);
        }
      }
    }
    return edits[a.length()][b.length()];
  }
}
