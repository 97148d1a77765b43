package io.github.pixelwise.evaluation.internal;

import java.util.ArrayList;
import java.util.List;

/** Plain text of at most 100 columns: tables with names on the left and numbers on the right. */
public final class TextTable {
  static final int WIDTH = 100;
  private static final String GAP = "  ";

  private final List<List<String>> rows = new ArrayList<>();

  /** Adds a row, its name first; all rows have the same number of cells. */
  void row(List<String> cells) {
    rows.add(cells);
  }

  /** The lines, each with its line break; names that would make them too long are cut off. */
  @Override
  public String toString() {
    int columns = rows.get(0).size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    int others = 0;
    for (int i = 1; i < columns; i++) {
      others += GAP.length() + widths[i];
    }
    widths[0] = Math.min(widths[0], WIDTH - others);
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder(padded(shortened(row.get(0), widths[0]), widths[0]));
      for (int i = 1; i < columns; i++) {
        line.append(GAP).append(" ".repeat(widths[i] - row.get(i).length())).append(row.get(i));
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(width - text.length());
  }

  private static String shortened(String text, int width) {
    return text.length() <= width ? text : text.substring(0, width - 3) + "...";
  }

  /** Breaks text between words into lines, each with its line break. */
  public static String wrapped(String text) {
    StringBuilder lines = new StringBuilder();
    int column = 0;
    for (String word : text.split(" ", -1)) {
      if (column > 0 && column + 1 + word.length() > WIDTH) {
        lines.append('\n');
        column = 0;
      }
      if (column > 0) {
        lines.append(' ');
        column++;
      }
      // A word longer than a line, such as a path, is broken where the line ends.
      for (int i = 0; i < word.length(); i += WIDTH) {
        String part = word.substring(i, Math.min(word.length(), i + WIDTH));
        lines.append(i > 0 ? "\n" : "").append(part);
        column = (i > 0 ? 0 : column) + part.length();
      }
    }
    return lines.append('\n').toString();
  }
}
