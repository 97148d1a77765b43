package io.github.pixelwise.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.Palette;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.imaging.PalettePng;
import io.github.pixelwise.imaging.stream.MaskTiff;
import io.github.pixelwise.testkit.MicroModel;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the examples. */
class ExamplesTest {
  private static final Path ASTRONAUT = Path.of("photos/astronaut.png");
  private static final Path CAT = Path.of("photos/chelsea.png");

  @TempDir private Path folder;

  /** An example's main method. */
  @FunctionalInterface
  private interface Example {
    void run() throws IOException, InterruptedException;
  }

  private static String printed(Example example) throws IOException, InterruptedException {
    PrintStream console = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      example.run();
    } finally {
      System.setOut(console);
    }
    return printed.toString(StandardCharsets.UTF_8);
  }

  @Test
  void quickStartListsTheClassesAndDrawsAnOverlay() throws IOException, InterruptedException {
    Path overlay = folder.resolve("overlay.png");
    String printed =
        printed(() -> QuickStart.main(new String[] {CAT.toString(), overlay.toString()}));

    assertThat(printed.lines()).hasSize(2).element(1).asString().matches("cat: 86[.,]\\d %");
    assertThat(Images.read(overlay)).isNotEqualTo(Images.read(CAT));
    assertThat(Images.read(overlay).width()).isEqualTo(451);
  }

  @Test
  void colorMapWritesColorsAndIndices() throws IOException {
    Path colors = folder.resolve("colors.png");
    Path indices = folder.resolve("indices.png");

    ColorMap.main(new String[] {CAT.toString(), colors.toString(), indices.toString()});

    RgbImage map = Images.read(colors);
    CategoryMask mask = PalettePng.read(indices);
    for (int y = 0; y < mask.height(); y++) {
      for (int x = 0; x < mask.width(); x++) {
        assertThat(map.rgb(x, y)).isEqualTo(Palette.voc().rgb(mask.category(x, y)));
      }
    }
  }

  @Test
  void cutOutWritesOnlyThePersonCropped() throws IOException, InterruptedException {
    Path cutout = folder.resolve("cutout.png");

    String printed =
        printed(() -> CutOut.main(new String[] {ASTRONAUT.toString(), cutout.toString()}));

    assertThat(printed).containsPattern("person: 0[.,]\\d\\d");
    BufferedImage person = ImageIO.read(cutout.toFile());
    assertThat(person.getColorModel().hasAlpha()).isTrue();
    assertThat(person.getWidth() * person.getHeight()).isLessThanOrEqualTo(512 * 512);
  }

  @Test
  void softCutOutHasTheClasssOwnEdge() throws IOException {
    Path cutout = folder.resolve("cutout.png");

    SoftCutOut.main(new String[] {CAT.toString(), "cat", cutout.toString()});

    BufferedImage cat = ImageIO.read(cutout.toFile());
    int[] alpha =
        cat.getAlphaRaster().getSamples(0, 0, cat.getWidth(), cat.getHeight(), 0, (int[]) null);
    assertThat(alpha).contains(0, 100, 200, 255);
  }

  @Test
  void writesTheShapesOfClasses() throws IOException {
    Path shapes = folder.resolve("cat.geojson");

    ShapesOfClasses.main(new String[] {CAT.toString(), shapes.toString()});

    assertThat(shapes).content().contains("\"label\":\"cat\"").contains("\"Polygon\"");
  }

  @Test
  void segmentsAPictureInTiles() throws IOException {
    Path mask = folder.resolve("cat.mask.tif");

    HugePicture.main(new String[] {CAT.toString(), mask.toString()});

    // The cat is smaller than a tile.
    try (Segmenter segmenter = Segmenter.open()) {
      assertThat(MaskTiff.read(mask)).isEqualTo(segmenter.segment(Images.read(CAT)).mask());
    }
  }

  @Test
  void whiteBackgroundPutsTheCatOnWhiteAndReportsIt() throws IOException {
    Path cutout = folder.resolve("cutout.png");
    Path report = folder.resolve("report.json");

    WhiteBackground.main(new String[] {CAT.toString(), cutout.toString(), report.toString()});

    assertThat(Images.read(cutout).rgb(440, 10)).isEqualTo(0xffffff);
    assertThat(Images.read(cutout).rgb(225, 150)).isEqualTo(Images.read(CAT).rgb(225, 150));
    assertThat(report).content().contains("\"name\" : \"cat\"");
  }

  @Test
  void newBackgroundPutsThePersonOnAnotherPicture() throws IOException {
    Path picture = folder.resolve("picture.png");
    Path cutout = folder.resolve("cutout.png");

    NewBackground.main(
        new String[] {
          ASTRONAUT.toString(), "backgrounds/coffee.png", picture.toString(), cutout.toString()
        });

    RgbImage photo = Images.read(ASTRONAUT);
    assertThat(Images.read(picture).rgb(225, 110)).isEqualTo(photo.rgb(225, 110));
    assertThat(Images.read(picture).rgb(330, 20)).isNotEqualTo(photo.rgb(330, 20));
    assertThat(ImageIO.read(cutout.toFile()).getRGB(225, 110))
        .isEqualTo(0xff000000 | photo.rgb(225, 110));
    assertThat(ImageIO.read(cutout.toFile()).getRGB(330, 20) >>> 24).isZero();
  }

  @Test
  void surePetsDrawsAnOverlayWithOutlines() throws IOException {
    Path overlay = folder.resolve("overlay.png");

    SurePets.main(new String[] {CAT.toString(), overlay.toString()});

    int catInVocsColors = 0x400000;
    RgbImage picture = Images.read(overlay);
    assertThat(IntStream.range(0, picture.width()).map(x -> picture.rgb(x, 150)))
        .contains(catInVocsColors);
    assertThat(picture.rgb(225, 150)).isNotIn(catInVocsColors, Images.read(CAT).rgb(225, 150));
    assertThat(picture.rgb(445, 5)).isEqualTo(Images.read(CAT).rgb(445, 5));
  }

  @Test
  void ownModelRunsWithItsCard() throws IOException {
    Path card = folder.resolve("affine.properties");
    Path map = folder.resolve("map.png");
    for (String name : new String[] {"affine.properties", "affine.onnx"}) {
      try (var in = MicroModel.class.getResourceAsStream("models/" + name)) {
        Files.copy(in, folder.resolve(name));
      }
    }

    OwnModel.main(new String[] {card.toString(), CAT.toString(), map.toString()});

    assertThat(Images.read(map).width()).isEqualTo(451);
  }

  @Test
  void convertedCheckpointWritesTheEmbeddedModelsMap() throws IOException, InterruptedException {
    Path map = folder.resolve("map.png");
    Path embedded = folder.resolve("embedded.png");

    String table =
        printed(
            () ->
                ConvertedCheckpoint.main(
                    new String[] {
                      "../segmentation-models/src/main/weights/deeplabv3plus-mobilenetv2-voc.pth",
                      "deeplabv3plus-mobilenetv2-refined",
                      folder.resolve("models").toString(),
                      CAT.toString(),
                      map.toString()
                    }));

    ColorMap.main(
        new String[] {
          CAT.toString(), embedded.toString(), folder.resolve("indices.png").toString()
        });
    assertThat(table).containsPattern("total +2,351,802 ");
    assertThat(Images.read(map)).isEqualTo(Images.read(embedded));
  }

  @Test
  void ownNetworkPrintsTheTableInTheDocs() throws IOException, InterruptedException {
    String table = printed(() -> OwnNetwork.main(new String[] {folder.toString()}));

    assertThat(Files.readString(Path.of("../docs/models.md"))).contains("```\n" + table + "```\n");
    assertThat(folder).isDirectoryContaining("glob:**/tiny.onnx");
  }

  @Test
  void smallModelKeepsTheMasks() throws IOException, InterruptedException {
    String printed = printed(() -> SmallModel.main(new String[] {"photos", folder.toString()}));

    assertThat(printed)
        .containsPattern("^9[89]\\.\\d\\d % of pixels unchanged against float32")
        .endsWith("deeplabv3plus-mobilenetv2-voc-int8\n");
    assertThat(folder.resolve("deeplabv3plus-mobilenetv2-voc-int8.onnx")).exists();
  }

  @Test
  void fineTuningTeachesTheEmbeddedModelAClass() throws IOException, InterruptedException {
    String printed = printed(() -> FineTuning.main(new String[] {"photos", folder.toString()}));

    assertThat(meanIou(printed, "before")).isLessThan(0.5);
    assertThat(meanIou(printed, "after")).isGreaterThan(0.8);
    assertThat(folder)
        .isDirectoryContaining("glob:**/overlay.png")
        .isDirectoryRecursivelyContaining("glob:**/run/model.onnx");
  }

  private static double meanIou(String printed, String when) {
    Matcher line = Pattern.compile("mIoU " + when + ": (\\d)[.,](\\d\\d)").matcher(printed);
    assertThat(line.find()).as(printed).isTrue();
    return Double.parseDouble(line.group(1) + "." + line.group(2));
  }

  @Test
  void manyPhotographsWritesMasks() throws Exception {
    ManyPhotographs.main(new String[] {"photos", folder.toString()});

    assertThat(PalettePng.read(folder.resolve("astronaut.png")).category(225, 110)).isEqualTo(15);
    assertThat(PalettePng.read(folder.resolve("chelsea.png")).category(225, 150)).isEqualTo(8);
    assertThat(PalettePng.read(folder.resolve("camera.png")).category(110, 250)).isEqualTo(15);
  }
}
