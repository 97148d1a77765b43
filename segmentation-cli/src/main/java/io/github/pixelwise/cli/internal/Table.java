package io.github.pixelwise.cli.internal;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Text in columns, each as wide as its widest cell. */
public final class Table {
  private final List<List<String>> rows = new ArrayList<>();

  /**
   * Begins a table.
   *
   * @param header the names of the columns
   */
  public Table(String... header) {
    row(header);
  }

  /**
   * Adds a row.
   *
   * @param cells a text for each column
   */
  public void row(String... cells) {
    rows.add(List.of(cells));
  }

  /**
   * Prints the table.
   *
   * @param out where to
   */
  public void print(PrintWriter out) {
    int columns = rows.get(0).size();
    int[] widths =
        IntStream.range(0, columns)
            .map(c -> rows.stream().mapToInt(row -> row.get(c).length()).max().orElse(0))
            .toArray();
    for (List<String> row : rows) {
      out.println(
          IntStream.range(0, columns)
              .mapToObj(c -> row.get(c) + " ".repeat(widths[c] - row.get(c).length()))
              .collect(Collectors.joining("  "))
              .stripTrailing());
    }
  }
}
