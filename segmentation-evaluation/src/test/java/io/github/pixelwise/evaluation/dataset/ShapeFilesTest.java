package io.github.pixelwise.evaluation.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.LabelMap;
import io.github.pixelwise.Palette;
import io.github.pixelwise.postprocess.shape.CocoWriter;
import io.github.pixelwise.postprocess.shape.CvatWriter;
import io.github.pixelwise.postprocess.shape.GeoJson;
import io.github.pixelwise.postprocess.shape.Georeference;
import io.github.pixelwise.postprocess.shape.LabelMe;
import io.github.pixelwise.postprocess.shape.Shape;
import io.github.pixelwise.postprocess.shape.Shapes;
import io.github.pixelwise.postprocess.shape.Svg;
import io.github.pixelwise.postprocess.shape.Yolo;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Shapes that were written come back as the mask that they were traced from. */
class ShapeFilesTest {
  private static final LabelMap LABELS = LabelMap.of(List.of("background", "cat", "big dog"));
  private static final int VOID = 255;

  @TempDir Path folder;
  private DatasetFiles files;

  @BeforeEach
  void prepare() {
    files = new DatasetFiles(folder);
  }

  @ParameterizedTest
  @ValueSource(strings = {"coco", "yolo", "labelme", "cvat", "geojson", "svg"})
  void masksComeBackToTheBit(String format) throws IOException {
    Random random = new Random(5);
    for (int i = 0; i < 60; i++) {
      int width = 1 + random.nextInt(20);
      int height = 1 + random.nextInt(20);
      int values = i % 2 == 0 ? 9 : 4;
      boolean hasVoid = !format.equals("coco") && !format.equals("yolo");
      int[] categories = new int[width * height];
      Arrays.setAll(
          categories,
          pixel -> {
            int value = random.nextInt(values);
            return value > 3 ? 1 : value == 3 ? (hasVoid ? VOID : 2) : value;
          });
      CategoryMask mask = CategoryMask.copyOf(width, height, categories);
      files.photograph("photos/a.png", width, height);
      write(format, Shapes.of(mask));

      CategoryMask read =
          files
              .dataset(
                  "format = " + format,
                  "photographs = photos",
                  "annotations = " + annotations(format),
                  "labels = background, cat, big dog")
              .samples()
              .get(0)
              .truth();

      assertThat(read.toIntArray()).as("%s %s", format, i).isEqualTo(categories);
    }
  }

  private static String annotations(String format) {
    return switch (format) {
      case "coco" -> "coco.json";
      case "cvat" -> "cvat.xml";
      default -> "shapes";
    };
  }

  private void write(String format, Shapes shapes) throws IOException {
    int width = shapes.width();
    int height = shapes.height();
    List<Shape> all = shapes.list();
    List<Shape> objects = all.stream().filter(shape -> shape.category() != 0).toList();
    Files.createDirectories(folder.resolve("shapes"));
    String name =
        switch (format) {
          case "yolo" -> "shapes/a.txt";
          case "labelme" -> "shapes/a.json";
          case "geojson" -> "shapes/a.geojson";
          case "svg" -> "shapes/a.svg";
          default -> annotations(format);
        };
    try (OutputStream out = Files.newOutputStream(folder.resolve(name))) {
      switch (format) {
        case "yolo" -> Yolo.write(all, LABELS, width, height, out);
        case "labelme" -> LabelMe.write(all, LABELS, width, height, "../photos/a.png", out);
        case "geojson" -> GeoJson.write(objects, LABELS, Georeference.PIXELS, out);
        case "svg" -> Svg.write(objects, LABELS, Palette.voc(), width, height, "a.png", out);
        case "coco" -> {
          try (CocoWriter coco = new CocoWriter(out, LABELS)) {
            coco.add("a.png", width, height, objects);
          }
        }
        default -> {
          try (CvatWriter cvat = new CvatWriter(out, LABELS, Palette.voc())) {
            cvat.add("a.png", width, height, all);
          }
        }
      }
    }
  }

  @Test
  void readsTheMasksAndBoxesOfCvat() throws IOException {
    files.photograph("images/b/a.png", 4, 3);
    files.text(
        "annotations.xml",
        "<annotations><version>1.1</version><image id='0' name='b/a.png' width='4' height='3'>",
        "<mask label='cat' source='manual' occluded='0' rle='1,2,1' left='2' top='1' width='2'"
            + " height='2' z_order='1'/>",
        "<box label='big dog' xtl='0' ytl='0' xbr='3' ybr='2' z_order='0'/></image></annotations>");
    Dataset dataset = files.dataset("format = cvat", "labels = background, cat, big dog");

    assertThat(DatasetFiles.truth(dataset)).containsExactly(2, 2, 2, 0, 2, 2, 2, 1, 0, 0, 1, 0);
  }

  @Test
  void readsWhatQuPathWrites() throws IOException {
    files.photograph("a.png", 2, 1);
    files.text(
        "a.geojson",
        "{'type':'FeatureCollection','features':[{'type':'Feature','geometry':{'type':'Polygon',"
            .replace('\'', '"'),
        "'coordinates':[[[0,0],[1,0],[1,1],[0,1],[0,0]]]},'properties':{'objectType':'annotation',"
            .replace('\'', '"'),
        "'classification':{'name':'cat','color':[200,0,0]}}}]}".replace('\'', '"'));
    assertThat(DatasetFiles.truth(files.dataset("format = geojson", "labels = background, cat")))
        .containsExactly(1, 0);
  }

  @Test
  void readsTheRelativePathsOfDrawingPrograms() throws IOException {
    files.photograph("a.png", 3, 2);
    files.text(
        "a.svg",
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 3 2'><g><title>cat</title>",
        "<path d='m 1,0 h 2 v 1 l -2,0 z'/></g></svg>");
    assertThat(DatasetFiles.truth(files.dataset("format = svg", "labels = background, cat")))
        .containsExactly(0, 1, 1, 0, 0, 0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "svg | <svg viewBox='0 0 3 2'><g><path d='M0 0L1 0L1 1Z'/></g></svg> | a.svg: the path in line 1 is in no group with a title, which would be its class",
        "svg | <svg viewBox='0 0 3 2'><g><title>cat</title><path d='M0 0C1 0 1 1 2 2Z'/></g></svg> | the path in line 1 has the command C; only straight lines (M, L, H, V, and Z) are read",
        "svg | <svg viewBox='0 0 3 2'><g><title>cow</title><path d='M0 0L1 0L1 1Z'/></g></svg> | a.svg: no class is named cow, the label of the path in line 1; the classes are background, cat. Map it to one (values), or make it void (ignore).",
        "svg | <svg viewBox='1 0 3 2'/> | the viewBox should be \"0 0 WIDTH HEIGHT\", in pixels of the photograph, found \"1 0 3 2\"",
        "svg | <svg viewBox='0 0 3 2'><g transform='scale(2)'/></svg> | line 1: it has a transform, which is not read; save the file with its transforms applied",
        "svg | <svg viewBox='0 0 3 2'> | a.svg is no valid XML file",
        "geojson | {\"features\":[{\"properties\":{\"label\":\"cat\"},\"geometry\":{\"type\":\"Point\",\"coordinates\":[0,0]}}]} | a.geojson: feature 1, cat, is a Point; only Polygon and MultiPolygon have an area",
        "geojson | {\"crs\":{},\"features\":[]} | its coordinates are those of a map (crs); write them in pixels of the photograph",
        "geojson | {} | a.geojson: expected a FeatureCollection of GeoJSON",
        "geojson | {\"features\":[{\"properties\":{\"label\":\"cat\"},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[1,1]]]}}]} | feature 1, cat, has 2 points, fewer than 3",
      })
  void saysWhatIsWrongWithAFile(String format, String text, String message) throws IOException {
    files.photograph("a.png", 3, 2);
    files.text("a." + format, text);
    assertThatThrownBy(
            () ->
                DatasetFiles.truth(files.dataset("format = " + format, "labels = background, cat")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "<annotations/> | expected annotations with images; export the task as \"CVAT for images 1.1\"",
        "<annotations><track><polygon/></track></annotations> | line 1: the shape is outside an image; export the task as \"CVAT for images 1.1\", not as a video",
        "<annotations><image name='a.png' width='3' height='2'><polyline label='cat' points='0,0;1,1'/></image></annotations> | line 1: the polyline, cat, has no area; only polygon, box, and mask are read",
        "<annotations><image name='a.png' width='3' height='2'><mask label='cat' rle='9' left='0' top='0' width='2' height='2'/></image></annotations> | line 1: the mask, cat, has run lengths that are not those of its box",
        "<annotations><image name='a.png' width='3' height='2'><mask label='cat' rle='4' left='2' top='0' width='2' height='2'/></image></annotations> | line 1: the mask, cat, has a box that is not within the image",
        "<annotations><image name='a.png' width='x' height='2'/></annotations> | line 1: the attribute width should be a number, found \"x\"",
      })
  void saysWhatIsWrongWithAFileOfCvat(String text, String message) throws IOException {
    files.photograph("images/a.png", 3, 2);
    files.text("annotations.xml", text);
    assertThatThrownBy(() -> files.dataset("format = cvat", "labels = background, cat"))
        .isInstanceOf(IOException.class)
        .hasMessage(folder.resolve("annotations.xml") + ": " + message);
  }
}
