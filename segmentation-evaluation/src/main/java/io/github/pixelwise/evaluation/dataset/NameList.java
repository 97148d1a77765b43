package io.github.pixelwise.evaluation.dataset;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A text file that lists photographs, one a line.
 *
 * @param file the file
 * @param lines its lines that are not empty, at least one
 */
record NameList(Path file, List<Line> lines) {

  /**
   * A line.
   *
   * @param number from 1
   * @param text without spaces around it
   */
  record Line(int number, String text) {}

  static NameList read(Path file) throws IOException {
    List<Line> lines = new ArrayList<>();
    int number = 0;
    for (String line : DatasetKeys.text(file).split("\\R", -1)) {
      number++;
      if (!line.isBlank()) {
        lines.add(new Line(number, line.strip()));
      }
    }
    if (lines.isEmpty()) {
      throw new IOException(file + ": the list names no photograph");
    }
    return new NameList(file, List.copyOf(lines));
  }

  /** An error that a line is to blame for. */
  IOException wrong(Line line, String reason) {
    return new IOException("%s, line %d: %s".formatted(file, line.number(), reason));
  }

  /** The name of each line's photograph. */
  List<String> names(Resolver resolver) throws IOException {
    List<String> names = new ArrayList<>();
    Map<String, Line> seen = new HashMap<>();
    for (Line line : lines) {
      String name = resolver.name(line);
      Line first = seen.put(name, line);
      if (first != null) {
        throw wrong(line, "%s is listed twice, first in line %d".formatted(name, first.number()));
      }
      names.add(name);
    }
    return names;
  }

  /** Finds out which photograph a line means. */
  interface Resolver {
    String name(Line line) throws IOException;
  }
}
