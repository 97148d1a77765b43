package io.github.pixelwise.benchmarks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** A table in Markdown. */
final class Table {
  private final List<List<String>> rows = new ArrayList<>();

  Table(List<String> header) {
    rows.add(List.copyOf(header));
  }

  void add(List<String> row) {
    rows.add(List.copyOf(row));
  }

  /** A number with the given decimals; empty for a number that is not above 0. */
  static String number(double value, int decimals) {
    return value > 0 ? String.format(Locale.ROOT, "%,." + decimals + "f", value) : "";
  }

  /** Milliseconds with two or three significant digits. */
  static String millis(double value) {
    return number(value, value < 10 ? 1 : 0);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int row = 0; row < rows.size(); row++) {
      text.append("| ").append(String.join(" | ", rows.get(row))).append(" |\n");
      if (row == 0) {
        text.append('|')
            .append(String.join("", Collections.nCopies(rows.get(0).size(), "---|")))
            .append('\n');
      }
    }
    return text.toString();
  }
}
