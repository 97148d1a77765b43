package io.github.pixelwise.training.internal;

import io.github.pixelwise.internal.file.AtomicFile;
import io.github.pixelwise.internal.util.Reason;
import java.io.Closeable;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A CSV file to which rows are appended. Each is written through to the operating system. To be
 * used by one thread at a time.
 */
final class CsvTable<T> implements Closeable {
  private final Path file;
  private final Format<T> format;
  private final List<T> rows;
  private final OutputStream out; // owned

  private CsvTable(Path file, Format<T> format, List<T> rows, OutputStream out) {
    this.file = file;
    this.format = format;
    this.rows = new ArrayList<>(rows);
    this.out = out;
  }

  /** What the columns are. */
  interface Format<T> {
    List<String> header();

    /** A value for each column. */
    List<?> cells(T row);

    /** Reads what {@link #cells} wrote; throws an {@link IllegalArgumentException} otherwise. */
    T row(List<String> cells);
  }

  /** The finished rows of a file; none if there is no such file. */
  static <T> List<T> read(Path file, Format<T> format) throws IOException {
    if (!Files.exists(file)) {
      return List.of();
    }
    List<List<String>> lines;
    try {
      lines = Csv.rows(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new IOException("cannot read " + Reason.withPath(file, e), e);
    }
    if (lines.isEmpty()) {
      return List.of();
    }
    requireHeader(file, lines.get(0), format.header());
    List<T> rows = new ArrayList<>();
    for (List<String> cells : lines.subList(1, lines.size())) {
      try {
        rows.add(row(format, cells));
      } catch (IllegalArgumentException e) {
        throw new IOException(
            "cannot read %s, row %d: %s. Repair the row, or delete the file to resume without its rows"
                .formatted(file, rows.size() + 2, Reason.firstLine(e)),
            e);
      }
    }
    return rows;
  }

  private static void requireHeader(Path file, List<String> found, List<String> expected)
      throws IOException {
    if (!found.equals(expected)) {
      int same = 0;
      while (same < Math.min(found.size(), expected.size())
          && found.get(same).equals(expected.get(same))) {
        same++;
      }
      throw new IOException(
          ("%s is the log of another run: column %d is %s instead of %s. Resume the run in its own"
                  + " folder")
              .formatted(file, same + 1, column(found, same), column(expected, same)));
    }
  }

  private static String column(List<String> header, int index) {
    return index < header.size() ? header.get(index) : "missing";
  }

  private static <T> T row(Format<T> format, List<String> cells) {
    int columns = format.header().size();
    if (cells.size() != columns) {
      throw new IllegalArgumentException(
          "it has %d cells instead of %d".formatted(cells.size(), columns));
    }
    return format.row(cells);
  }

  /** Starts a file with these rows; one that is there is replaced. */
  static <T> CsvTable<T> write(Path file, Format<T> format, List<T> rows) throws IOException {
    StringBuilder text = new StringBuilder(Csv.row(format.header()));
    rows.forEach(row -> text.append(Csv.row(format.cells(row))));
    AtomicFile.write(file, out -> out.write(text.toString().getBytes(StandardCharsets.UTF_8)));
    try {
      // Not a channel, because an interrupt of the thread would close it.
      return new CsvTable<>(file, format, rows, new FileOutputStream(file.toFile(), true));
    } catch (IOException e) {
      throw new IOException("cannot write " + Reason.withPath(file, e), e);
    }
  }

  void add(T row) throws IOException {
    try {
      out.write(Csv.row(format.cells(row)).getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new IOException("cannot write " + Reason.withPath(file, e), e);
    }
    rows.add(row);
  }

  /** All rows so far, as a view. */
  List<T> rows() {
    return Collections.unmodifiableList(rows);
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
