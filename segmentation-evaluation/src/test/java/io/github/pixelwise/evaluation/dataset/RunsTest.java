package io.github.pixelwise.evaluation.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RunsTest {
  private static Stream<String[]> golden(String kind) throws IOException {
    try (InputStream in = RunsTest.class.getResourceAsStream("coco_golden.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(line -> line.split("\\|", -1))
          .filter(fields -> fields[0].equals(kind));
    }
  }

  private static double[] numbers(String field) {
    return Arrays.stream(field.split(" ", -1)).mapToDouble(Double::parseDouble).toArray();
  }

  private static boolean[] pixels(String bounds, int width, int height) {
    int[] ends =
        bounds.isEmpty()
            ? new int[0]
            : Arrays.stream(bounds.split(" ", -1)).mapToInt(Integer::parseInt).toArray();
    boolean[] pixels = new boolean[width * height];
    for (int i = 0; i < ends.length; i += 2) {
      Arrays.fill(pixels, ends[i], ends[i + 1], true);
    }
    return pixels;
  }

  private static boolean[] pixels(Runs runs, int width, int height) {
    int[] rows = new int[width * height];
    runs.paint(rows, width, 1);
    boolean[] columns = new boolean[width * height];
    for (int i = 0; i < rows.length; i++) {
      columns[i % width * height + i / width] = rows[i] == 1;
    }
    return columns;
  }

  private static void assertEqual(Runs runs, String[] fields) {
    int width = Integer.parseInt(fields[1]);
    int height = Integer.parseInt(fields[2]);
    boolean[] expected = pixels(fields[fields.length - 1], width, height);
    assertThat(pixels(runs, width, height)).as(String.join("|", fields)).isEqualTo(expected);
    int area = 0;
    for (boolean pixel : expected) {
      area += pixel ? 1 : 0;
    }
    assertThat(runs.area()).isEqualTo(area);
  }

  @Test
  void fillsPolygonsAsPycocotoolsDoes() throws IOException {
    List<String[]> cases = golden("polygon").toList();
    assertThat(cases).hasSize(175);
    for (String[] fields : cases) {
      assertEqual(
          Runs.polygon(
              numbers(fields[3]), Integer.parseInt(fields[1]), Integer.parseInt(fields[2])),
          fields);
    }
  }

  @Test
  void joinsPolygonsAsPycocotoolsDoes() throws IOException {
    List<String[]> cases = golden("union").toList();
    assertThat(cases).hasSize(20);
    for (String[] fields : cases) {
      int width = Integer.parseInt(fields[1]);
      int height = Integer.parseInt(fields[2]);
      assertEqual(
          Runs.union(
              List.of(
                  Runs.polygon(numbers(fields[3]), width, height),
                  Runs.polygon(numbers(fields[4]), width, height))),
          fields);
    }
  }

  @Test
  void readsCompressedRunLengthsAsPycocotoolsDoes() throws IOException {
    List<String[]> cases = golden("compressed").toList();
    assertThat(cases).hasSize(176);
    for (String[] fields : cases) {
      assertEqual(
          Runs.compressed(fields[3], Integer.parseInt(fields[1]), Integer.parseInt(fields[2])),
          fields);
    }
  }

  @Test
  void refusesRunLengthsOfAnotherLength() {
    assertThatThrownBy(() -> Runs.counts(new long[] {3, 2}, 2, 3))
        .hasMessage("has run lengths of 5 pixels in all, not the 6 of 2 x 3");
    assertThatThrownBy(() -> Runs.counts(new long[] {3, 4}, 2, 3))
        .hasMessage("has run lengths beyond the 6 pixels of 2 x 3");
    assertThatThrownBy(() -> Runs.counts(new long[] {7, -1}, 2, 3))
        .hasMessage("has run lengths beyond the 6 pixels of 2 x 3");
    assertThatThrownBy(() -> Runs.compressed("6P", 2, 3))
        .hasMessage("has compressed run lengths that are broken");
  }

  @Test
  void refusesWhatIsNoPolygon() {
    assertThatThrownBy(() -> Runs.polygon(new double[] {1, 2, 3, 4, 5}, 9, 9))
        .hasMessage("has 5 numbers, which are no pairs of x and y");
    assertThatThrownBy(() -> Runs.polygon(new double[] {1, 2, 3, 4}, 9, 9))
        .hasMessage("has 2 points, fewer than 3");
    assertThatThrownBy(() -> Runs.polygon(new double[] {1, 2, 3, 4, Double.NaN, 1}, 9, 9))
        .hasMessage("has the coordinate NaN");
    assertThatThrownBy(() -> Runs.polygon(new double[] {1, 2, 3, 4, 1e9, 1}, 9, 9))
        .hasMessage("has the coordinate 1.0E9");
  }

  @Test
  void fillsPixelsWhoseCentersAreInACircle() {
    assertThat(Runs.circle(2, 2, 1, 4, 4).area()).isEqualTo(4);
    assertThat(Runs.circle(2.5, 2.5, 1, 5, 5).area()).isEqualTo(5);
    assertThat(Runs.circle(0, 0, 2, 4, 4).area()).isEqualTo(3);
    assertThat(Runs.circle(9, 9, 1, 4, 4).area()).isZero();
  }
}
