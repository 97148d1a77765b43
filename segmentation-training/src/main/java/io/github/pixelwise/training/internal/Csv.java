package io.github.pixelwise.training.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Text of CSV files (RFC 4180); a cell is empty where there is no number. */
final class Csv {
  private Csv() {}

  /** A row with its line break. Numbers have all their digits, so that reading gives them back. */
  static String row(List<?> cells) {
    return cells.stream().map(Csv::cell).collect(Collectors.joining(",", "", "\n"));
  }

  private static String cell(Object value) {
    if (value instanceof Double number && !Double.isFinite(number)) {
      return "";
    }
    String text = value.toString();
    return text.chars().anyMatch(c -> ",\"\r\n".indexOf(c) >= 0)
        ? '"' + text.replace("\"", "\"\"") + '"'
        : text;
  }

  /** A cell's number; NaN for an empty cell. */
  static double number(String cell) {
    return cell.isEmpty() ? Double.NaN : Double.parseDouble(cell);
  }

  /** The rows that end in a line break. What follows the last one was never finished. */
  static List<List<String>> rows(String text) {
    List<List<String>> rows = new ArrayList<>();
    List<String> row = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        // Quotes that open right where others closed are one quotation mark of the text.
        if (!quoted && i > 0 && text.charAt(i - 1) == '"') {
          cell.append(c);
        }
        quoted = !quoted;
      } else if (quoted || (c != ',' && c != '\n')) {
        cell.append(c);
      } else {
        row.add(cell.toString());
        cell.setLength(0);
        if (c == '\n') {
          rows.add(List.copyOf(row));
          row.clear();
        }
      }
    }
    return rows;
  }
}
