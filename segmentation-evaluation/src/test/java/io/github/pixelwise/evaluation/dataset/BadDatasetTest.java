package io.github.pixelwise.evaluation.dataset;

import static io.github.pixelwise.evaluation.dataset.DatasetFiles.truth;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pixelwise.LabelMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BadDatasetTest {
  private static final String[] FOLDERS = {
    "format = folders", "masks = masks", "photographs = photographs", "labels = background, cat"
  };

  @TempDir Path folder;
  private DatasetFiles files;

  @BeforeEach
  void prepare() throws IOException {
    files = new DatasetFiles(folder);
    files.photograph("photographs/a.png", 2, 1);
    files.mask("masks/a.png", 2, 1, 0, 1);
  }

  private AbstractThrowableAssert<?, ? extends Throwable> failing(String... lines) {
    return assertThatThrownBy(() -> files.dataset(lines)).isInstanceOf(IOException.class);
  }

  private static String[] with(String... lines) {
    String[] all = new String[FOLDERS.length + lines.length];
    System.arraycopy(FOLDERS, 0, all, 0, FOLDERS.length);
    System.arraycopy(lines, 0, all, FOLDERS.length, lines.length);
    return all;
  }

  private String file(String name) {
    return folder.resolve(name).toString();
  }

  @Test
  void namesTheNearestKey() {
    failing(with("ignored = 3"))
        .hasMessageStartingWith(
            file("my.dataset.properties")
                + ": unknown key ignored (did you mean \"ignore\"?), found \"3\"; the keys of the"
                + " format folders are colors, format, ignore, labels, list, masks, name");
    failing("format = citiscapes")
        .hasMessageContaining("key format: expected one of voc, camvid")
        .hasMessageContaining("did you mean \"cityscapes\"?");
    failing("name = x").hasMessageContaining("key format is missing: expected one of voc, camvid");
    failing(with("name = a", "name = b")).hasMessageContaining("key name occurs twice");
    failing(with("resize-masks = yes"))
        .hasMessageContaining("key resize-masks: expected true or false, found \"yes\"");
    failing(with("part = 0.5")).hasMessageContaining("key part: expected where the part begins");
    failing("format = folders", "masks = masks")
        .hasMessageContaining("key labels is missing: expected a data set, such as voc");
  }

  @Test
  void countsPixelsOfValuesThatAreNoClass() throws IOException {
    files.mask("masks/a.png", 2, 1, 7, 7);
    Dataset dataset = files.dataset(FOLDERS);
    assertThatThrownBy(() -> truth(dataset))
        .isInstanceOf(IOException.class)
        .hasMessage(
            file("masks/a.png")
                + ": no class has the value 7 (2 pixels); there are 2 classes. Map it to one"
                + " (values), or make it void (ignore).");
    assertThat(truth(files.dataset(with("ignore = 7")))).containsExactly(255, 255);
    assertThat(truth(files.dataset(with("values = 7 = cat")))).containsExactly(1, 1);
    assertThat(truth(files.dataset(with("values = 3 = cat, * = background"))))
        .containsExactly(0, 0);
  }

  @Test
  void refusesRulesThatMeanNothing() {
    failing(with("values = 1 = dog"))
        .hasMessageContaining("no class is named \"dog\"; the classes are background, cat");
    failing(with("values = x = cat"))
        .hasMessageContaining("\"x\" is no value of a mask, which are 0 to 65535");
    failing(with("values = 1 = cat, 1 = background"))
        .hasMessageContaining("the value 1 is mapped twice");
    failing(with("values = no.txt")).hasMessageContaining("there is no such file or folder");
  }

  @Test
  void namesFileAndColorThatIsNoClass() throws IOException {
    files.colors("masks/a.png", 2, 1, 0x000000, 0x102030);
    files.text("colors.txt", "# ours", "background = #000000", "cat = #ff0000");
    Dataset dataset = files.dataset(with("colors = colors.txt"));
    assertThatThrownBy(() -> truth(dataset))
        .hasMessageContaining("no class has the value #102030 (1 pixels)");
    assertThat(truth(files.dataset(with("colors = colors.txt", "ignore = #102030"))))
        .containsExactly(0, 255);

    files.text("colors.txt", "background = #000000", "dog = #102030");
    failing(with("colors = colors.txt"))
        .hasMessageContaining("the color dog has no class; the classes are background, cat");
    assertThat(truth(files.dataset(with("colors = colors.txt", "ignore = dog"))))
        .containsExactly(0, 255);
    files.text("colors.txt", "background:0,0,0::", "16 32 48 cat");
    assertThat(truth(files.dataset(with("colors = colors.txt")))).containsExactly(0, 1);
    files.text("colors.txt", "background: black");
    failing(with("colors = colors.txt"))
        .hasMessage(
            file("colors.txt") + ", line 1: expected NAME = #rrggbb, found background: black");
    files.text("colors.txt", "a = #000000", "b = #000000");
    failing(with("colors = colors.txt"))
        .hasMessage(file("colors.txt") + ", line 2: the color #000000 is that of a already");
  }

  @Test
  void namesBothFilesOfUnlikeSize() throws IOException {
    files.mask("masks/a.png", 1, 2, 0, 1);
    Dataset dataset = files.dataset(FOLDERS);
    assertThatThrownBy(() -> truth(dataset))
        .isInstanceOf(IOException.class)
        .hasMessage(
            ("%s has 1 x 2 pixels, but its photograph %s has 2 x 1, the sides exchanged: photographs"
                    + " are turned upright as their EXIF data says, masks are not. Make both"
                    + " equal, or have masks resized (resize-masks).")
                .formatted(file("masks/a.png"), file("photographs/a.png")));
    files.mask("masks/a.png", 4, 1, 0, 0, 1, 1);
    assertThat(truth(files.dataset(with("resize-masks = true")))).containsExactly(0, 1);
  }

  @Test
  void namesLineAndFileThatIsMissing() throws IOException {
    files.text("list.txt", "a", "", "b.png");
    failing(with("list = list.txt"))
        .hasMessage(
            "%s, line 3: there is no photograph b.png in %s"
                .formatted(file("list.txt"), file("photographs")));
    files.photograph("photographs/b.jpg", 1, 1);
    failing(with("list = list.txt"))
        .hasMessage(
            "%s, line 3: there is no mask or annotation of b in %s"
                .formatted(file("list.txt"), file("masks")));
    files.text("list.txt", "a", "images/a.jpg");
    failing(with("list = list.txt"))
        .hasMessage(file("list.txt") + ", line 2: a is listed twice, first in line 1");
    files.text("list.txt", " ");
    failing(with("list = list.txt"))
        .hasMessage(file("list.txt") + ": the list names no photograph");
    failing(with("list = no.txt")).hasMessageContaining("there is no such file or folder");
    files.text("val.txt", "a.png b.png");
    failing("format = camvid")
        .hasMessage("%s, line 1: there is no file a.png in %s".formatted(file("val.txt"), folder));
  }

  @Test
  void refusesPhotographsAndMasksWithoutPartner() throws IOException {
    files.photograph("photographs/b.jpg", 1, 1);
    failing(FOLDERS)
        .hasMessageStartingWith(
            "1 of the 2 photographs in %s have no mask or annotation in %s, first b."
                .formatted(file("photographs"), file("masks")));
    files.mask("masks/c.png", 1, 1, 0);
    failing(FOLDERS).hasMessageStartingWith("1 of the 2 mask or annotation files in");
  }

  @Test
  void refusesTwoPhotographsOfOneName() throws IOException {
    files.photograph("photographs/a.jpg", 1, 1);
    failing(FOLDERS)
        .hasMessage(
            file("photographs") + " has two files named a: a.jpg and a.png; remove or rename one");
  }

  @Test
  void refusesFoldersThatAreMissingOrEmpty() throws IOException {
    failing("format = folders", "masks = no", "labels = a")
        .hasMessageStartingWith("there is no folder " + file("no"));
    Files.createDirectory(folder.resolve("empty"));
    failing("format = folders", "masks = empty", "labels = a")
        .hasMessage(file("empty") + " has no files *.png");
  }

  @Test
  void readsMasksWithoutPhotographs() throws IOException {
    Dataset dataset =
        DatasetReader.folders(folder.resolve("masks"), LabelMap.of(List.of("a", "b"))).read();
    assertThat(truth(dataset)).containsExactly(0, 1);
    assertThatThrownBy(() -> dataset.samples().get(0).photograph())
        .isInstanceOf(IOException.class)
        .hasMessage(
            "a has a mask, %s, but no photograph: the data set was read without photographs"
                .formatted(file("masks/a.png")));
  }

  @Test
  void readsADataSetOfOneClass() throws IOException {
    files.mask("masks/a.png", 2, 1, 0, 255);
    assertThat(truth(files.dataset("format = folders", "masks = masks", "labels = thing")))
        .containsExactly(0, 255);
  }

  @Test
  void namesTheAnnotationOfABrokenShape() throws IOException {
    coco("[[0, 0, 1, 1, 2]]", "")
        .hasMessage(
            file("coco.json")
                + ": annotation 5 of a.jpg has a broken polygon: number 1 has 5 numbers, which are"
                + " no pairs of x and y");
    coco("[[0, 0, 1, 1]]", "").hasMessageContaining("number 1 has 2 points, fewer than 3");
    coco("[]", "").hasMessageContaining("has neither polygons nor run lengths (RLE)");
    coco("{\"size\": [1, 2], \"counts\": [1]}", "")
        .hasMessageContaining("has run lengths of 1 pixels in all, not the 2 of 2 x 1");
    coco("{\"size\": [2, 1], \"counts\": [2]}", "")
        .hasMessageContaining(
            "has run lengths of the size (height, width) [2, 1], but the image has [1, 2]");
    coco("{\"size\": [1, 2], \"counts\": \"1~\"}", "")
        .hasMessageContaining("has compressed run lengths that are broken");
  }

  private AbstractThrowableAssert<?, ? extends Throwable> coco(String segmentation, String more) {
    return assertThatThrownBy(
        () -> {
          files.text(
              "coco.json",
              """
              {"images": [{"id": 1, "file_name": "a.jpg", "width": 2, "height": 1}],
               "categories": [{"id": 3, "name": "cat"}],
               "annotations": [{"id": 5, "image_id": 1, "category_id": 3, "segmentation": %s}%s]}
              """
                  .formatted(segmentation, more));
          truth(files.dataset("format = coco", "photographs = none", "annotations = coco.json"));
        });
  }

  @Test
  void refusesCocoFilesThatContradictThemselves() throws IOException {
    coco("[]", ", {\"id\": 6, \"image_id\": 2, \"category_id\": 3}")
        .hasMessage(
            file("coco.json") + ": there are annotations of the image 2, but no such image");
    coco("[]", ", {\"id\": 6, \"image_id\": 1, \"category_id\": 4}")
        .hasMessage(
            file("coco.json") + ": annotation 6 has the category 4, but there is no such category");
    coco("[", "").hasMessageContaining("is no valid JSON file");
    coco("[]", "");
    failing(
            "format = coco",
            "photographs = none",
            "annotations = coco.json",
            "labels = background, dog")
        .hasMessage(
            file("coco.json")
                + ": no class is named cat; the classes are background, dog. Map them to classes"
                + " (values), such as * = background, or make them void (ignore).");
    Files.move(folder.resolve("photographs/a.png"), folder.resolve("photographs/b.png"));
    failing("format = coco", "annotations = coco.json", "photographs = photographs")
        .hasMessage(
            "%s names the photograph a.jpg, which is not in %s"
                .formatted(file("coco.json"), file("photographs")));
  }

  @Test
  void namesTheLineOfABrokenYoloFile() throws IOException {
    yolo("0 0.1 0.2 0.3 0.4").hasMessageContaining("line 1: the line has a box, not a polygon");
    yolo("2 0 0 1 0 1 1").hasMessageContaining("the line has the class 2, which no label has");
    yolo("0 0 0 10 0 1 1").hasMessageContaining("the line has the coordinate 10");
    yolo("0 0 0 1 0 1").hasMessageContaining("the line has 5 numbers");
    yolo("cat 0 0 1 0 1 1").hasMessageContaining("the line begins with \"cat\"");
    failing(
            "format = yolo",
            "photographs = photographs",
            "annotations = texts",
            "labels = cat, dog")
        .hasMessageContaining("there is no class background for pixels that no shape covers");
  }

  private AbstractThrowableAssert<?, ? extends Throwable> yolo(String line) {
    return assertThatThrownBy(
        () -> {
          files.text("texts/a.txt", line);
          truth(
              files.dataset(
                  "format = yolo",
                  "photographs = photographs",
                  "annotations = texts",
                  "labels = cat, dog",
                  "background = void"));
        });
  }

  @Test
  void namesTheShapeOfABrokenLabelMeFile() throws IOException {
    labelMe("cat", "line", "[[0, 0], [1, 1]]")
        .hasMessageContaining("shape 1, cat, is a line; only polygon, rectangle and circle");
    labelMe("cat", "polygon", "[[0, 0], [1, 1]]").hasMessageContaining("has 2 points");
    labelMe("cat", "circle", "[[0, 0]]").hasMessageContaining("has 1 points, not 2");
    labelMe("dog", "polygon", "[]").hasMessageContaining("no class is named dog");
  }

  private AbstractThrowableAssert<?, ? extends Throwable> labelMe(
      String label, String type, String points) {
    return assertThatThrownBy(
        () -> {
          files.text(
              "json/a.json",
              """
              {"imageWidth": 2, "imageHeight": 1,
               "shapes": [{"label": "%s", "shape_type": "%s", "points": %s}]}
              """
                  .formatted(label, type, points));
          truth(
              files.dataset(
                  "format = labelme",
                  "photographs = photographs",
                  "annotations = json",
                  "labels = background, cat"));
        });
  }
}
