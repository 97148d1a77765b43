package io.github.pixelwise.evaluation.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A star of five points, drawn in one line that crosses itself. */
class CrossingPolygonsTest {
  private static final int SIDE = 20;
  private static final int[] STAR = {10, 1, 15, 18, 1, 7, 19, 7, 5, 18};

  /** Written by crossing_golden.py with pycocotools. */
  private static final Path GOLDEN =
      Path.of("src/test/resources/io/github/pixelwise/evaluation/dataset/star.txt");

  @TempDir private Path folder;
  private DatasetFiles files;

  @BeforeEach
  void prepare() throws IOException {
    files = new DatasetFiles(folder);
    files.photograph("a.png", SIDE, SIDE);
  }

  /** The points of the star, with a text between x and y, and another between points. */
  private static String star(String inner, String outer) {
    return IntStream.range(0, STAR.length / 2)
        .mapToObj(i -> STAR[2 * i] + inner + STAR[2 * i + 1])
        .collect(Collectors.joining(outer));
  }

  private String read(String format) throws IOException {
    int[] mask =
        DatasetFiles.truth(
            files.dataset(
                "format = " + format,
                format.equals("coco") ? "annotations = a.json" : "",
                "photographs = .",
                format.equals("yolo") ? "annotations = ." : "",
                "labels = background, cat"));
    return IntStream.range(0, SIDE)
        .mapToObj(
            y ->
                Arrays.stream(mask, y * SIDE, (y + 1) * SIDE)
                    .mapToObj(pixel -> pixel == 1 ? "#" : ".")
                    .collect(Collectors.joining()))
        .collect(Collectors.joining("\n", "", "\n"));
  }

  private void write(String format) throws IOException {
    switch (format) {
      case "coco" ->
          files.text(
              "a.json",
              "{\"images\":[{\"id\":1,\"file_name\":\"a.png\",\"width\":20,\"height\":20}],",
              "\"categories\":[{\"id\":1,\"name\":\"cat\"}],",
              "\"annotations\":[{\"id\":1,\"image_id\":1,\"category_id\":1,\"iscrowd\":0,",
              "\"segmentation\":[[%s]]}]}".formatted(star(",", ",")));
      case "yolo" ->
          files.text(
              "a.txt",
              "0 "
                  + Arrays.stream(STAR)
                      .mapToObj(value -> Double.toString(value / (double) SIDE))
                      .collect(Collectors.joining(" ")));
      case "labelme" ->
          files.text(
              "a.json",
              "{\"imageWidth\":20,\"imageHeight\":20,\"shapes\":[{\"label\":\"cat\",",
              "\"points\":[[%s]]}]}".formatted(star(",", "],[")));
      case "cvat" ->
          files.text(
              "annotations.xml",
              "<annotations><image name='a.png' width='20' height='20'>",
              "<polygon label='cat' points='%s'/></image></annotations>".formatted(star(",", ";")));
      case "geojson" ->
          files.text(
              "a.geojson",
              "{\"features\":[{\"properties\":{\"label\":\"cat\"},\"geometry\":{",
              "\"type\":\"Polygon\",\"coordinates\":[[[%s]]]}}]}".formatted(star(",", "],[")));
      default -> svg("", "fill-rule='evenodd'");
    }
  }

  private void svg(String group, String path) throws IOException {
    files.text(
        "a.svg",
        "<svg viewBox='0 0 20 20'><title>a</title><g %s><title>cat</title>".formatted(group),
        "<path %s d='M%sZ'/></g></svg>".formatted(path, star(" ", "L")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"coco", "yolo", "labelme", "cvat", "geojson", "svg"})
  void theMiddleOfAStarIsOutside(String format) throws IOException {
    write(format);

    assertThat(read(format)).isEqualToNormalizingNewlines(Files.readString(GOLDEN));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "fill-rule='nonzero'", "style='fill-rule: nonzero; fill:red'"})
  void theMiddleOfAStarIsInsideInAnSvgFileThatDoesNotSayEvenOdd(String rule) throws IOException {
    svg("", rule);

    String[] rows = read("svg").split("\n", -1);
    String[] golden = Files.readString(GOLDEN).split("\\R", -1);
    assertThat(rows[10].charAt(10)).isEqualTo('#');
    for (int y = 0; y < SIDE; y++) {
      assertThat(rows[y]).as("no gap in row %s", y).matches("\\.*#*\\.*|\\.*#+\\.+#+\\.*");
      for (int x = 0; x < SIDE; x++) {
        if (golden[y].charAt(x) == '#') {
          assertThat(rows[y].charAt(x)).isEqualTo('#');
        }
      }
    }
  }

  @Test
  void aGroupGivesItsRuleToItsPaths() throws IOException {
    svg("style='fill:red;fill-rule:evenodd'", "fill-rule='inherit'");
    assertThat(read("svg")).isEqualToNormalizingNewlines(Files.readString(GOLDEN));

    svg("fill-rule='evenodd'", "fill-rule='nonzero'");
    assertThat(read("svg")).isNotEqualTo(Files.readString(GOLDEN));
  }

  @Test
  void geoJsonOnAMapIsRefused() throws IOException {
    files.text(
        "a.geojson",
        "{\"features\":[{\"properties\":{\"label\":\"cat\"},\"geometry\":{\"type\":\"Polygon\",",
        "\"coordinates\":[[[5000,4000],[5001,4000],[5001,4001]]]}}]}");

    assertThatThrownBy(() -> read("geojson"))
        .isInstanceOf(IOException.class)
        .hasMessageEndingWith(
            "a.geojson: none of its features lies on the photograph, which has 20 x 20 pixels; if"
                + " its coordinates are those of a map, write them in pixels");
  }
}
