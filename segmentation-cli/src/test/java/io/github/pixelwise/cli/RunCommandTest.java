package io.github.pixelwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.LabelMap;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.imaging.PalettePng;
import io.github.pixelwise.imaging.Picture;
import io.github.pixelwise.postprocess.ClassStatistics;
import io.github.pixelwise.postprocess.Region;
import io.github.pixelwise.postprocess.Regions;
import io.github.pixelwise.products.Background;
import io.github.pixelwise.products.Product;
import io.github.pixelwise.products.Products;
import io.github.pixelwise.products.Recipe;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RunCommandTest {
  private static final Path PHOTOS = Path.of("../examples/photos");
  private static final Path CAT = PHOTOS.resolve("chelsea.png");
  private static final Path TOY = Path.of("src/test/resources/io/github/pixelwise/cli/toy");

  @TempDir private Path folder;

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> folder.relativize(file).toString())
          .sorted()
          .toList();
    }
  }

  private static BufferedImage read(Path file) throws IOException {
    return ImageIO.read(file.toFile());
  }

  @Test
  void writesEveryProductAtThePhotosSize() throws IOException {
    Run run = Run.of("run", CAT, "-o", folder);

    assertThat(run.err()).isEmpty();
    assertThat(run.exit()).isZero();
    assertThat(run.out())
        .matches(
            "1 segmented, 0 skipped, 0 failed; 5 files written in [0-9.]+ s, [0-9.]+"
                + " photos/s\\R");
    assertThat(names(folder))
        .containsExactly(
            "chelsea.color.png",
            "chelsea.cutout.png",
            "chelsea.json",
            "chelsea.mask.png",
            "chelsea.overlay.png");
    CategoryMask mask = PalettePng.read(folder.resolve("chelsea.mask.png"));
    assertThat(List.of(mask.width(), mask.height())).containsExactly(451, 300);
    assertThat(mask.category(225, 150)).isEqualTo(8);
    BufferedImage color = read(folder.resolve("chelsea.color.png"));
    BufferedImage overlay = read(folder.resolve("chelsea.overlay.png"));
    BufferedImage cutout = read(folder.resolve("chelsea.cutout.png"));
    assertThat(color.getRGB(225, 150)).isEqualTo(0xff400000);
    assertThat(overlay.getRGB(225, 150)).isNotEqualTo(read(CAT).getRGB(225, 150));
    assertThat(cutout.getRGB(225, 150)).isEqualTo(read(CAT).getRGB(225, 150));
    assertThat(cutout.getRGB(440, 10) >>> 24).isZero();
    assertThat(folder.resolve("chelsea.json"))
        .content()
        .contains("\"model\" : \"deeplabv3plus-mobilenetv2-voc\"")
        .contains("\"backend\" : \"onnx\"")
        .contains("\"device\" : \"cpu\"")
        .contains("\"width\" : 451")
        .contains("\"inference\" : ")
        .contains("\"id\" : 8")
        .contains("\"name\" : \"cat\"")
        .contains("\"pixels\" : ")
        .contains("\"share\" : 0.86")
        .contains("\"box\" : ");
  }

  @Test
  void writesTheSameBytesAsARecipe() throws IOException {
    Run.of("run", CAT, "-o", folder, "--class=cat", "--background=blur:9", "--feather=5");
    Recipe recipe =
        Recipe.builder().classes("cat").background(Background.ofBlur(9)).feather(5).build();
    Picture photo = Images.readPicture(CAT, Images.MAX_PIXELS);

    try (Segmenter segmenter = Segmenter.open()) {
      Products products = recipe.apply(segmenter, photo);
      for (Product product : EnumSet.range(Product.MASK, Product.CUTOUT)) { // JSON has times
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        products.write(product, out);
        assertThat(folder.resolve("chelsea" + product.suffix()))
            .hasBinaryContent(out.toByteArray());
      }
    }
  }

  @Test
  void writesTheSameMaskOnAnotherBackend() throws IOException {
    Run.of("run", CAT, "-o", folder, "--write", "mask");
    CategoryMask expected = PalettePng.read(folder.resolve("chelsea.mask.png"));
    Path other = folder.resolve("other");

    Run run = Run.of("run", CAT, "-o", other, "--backend", "opencv-dnn", "--write", "mask,json");

    assertThat(run.err()).isEmpty();
    assertThat(run.exit()).isZero();
    assertThat(PalettePng.read(other.resolve("chelsea.mask.png"))).isEqualTo(expected);
    assertThat(other.resolve("chelsea.json"))
        .content()
        .contains("\"backend\" : \"opencv-dnn\"")
        .contains("\"engine\" : \"OpenCV 4.13.0\"");
  }

  @Test
  void keepsTheStructureOfFoldersAndIgnoresOwnProducts() throws IOException {
    Path photos = Files.createDirectories(folder.resolve("photos/deep/er"));
    Files.copy(CAT, photos.resolve("cat.png"));
    Files.copy(CAT, folder.resolve("photos/cat.PNG"));
    Files.copy(CAT, folder.resolve("photos/.hidden.png"));
    Files.copy(CAT, Files.createDirectory(folder.resolve("photos/.git")).resolve("cat.png"));
    Files.copy(CAT, folder.resolve("photos/png"));
    Files.copy(CAT, folder.resolve("photos/old.mask.png"));
    Files.writeString(folder.resolve("photos/notes.txt"), "no photograph");

    Run run =
        Run.of("run", folder.resolve("photos"), "-o", folder.resolve("out"), "--write", "mask");

    assertThat(run.exit()).isZero();
    assertThat(names(folder.resolve("out")))
        .containsExactly("cat.mask.png", "deep/er/cat.mask.png");
  }

  @Test
  void writesNextToThePhotoByDefault() throws IOException {
    Path cat = Files.copy(CAT, folder.resolve("my.cat.png"));

    Run run = Run.of("run", cat, "--write", "mask,json");

    assertThat(run.exit()).isZero();
    assertThat(names(folder)).containsExactly("my.cat.json", "my.cat.mask.png", "my.cat.png");
  }

  @Test
  void skipsExistingFilesUnlessForced() throws IOException {
    Path mask = folder.resolve("chelsea.mask.png");
    FileTime old = FileTime.fromMillis(0);
    Run.of("run", CAT, "-o", folder, "--write", "mask");
    Files.setLastModifiedTime(mask, old);

    Run again = Run.of("run", CAT, "-o", folder, "--write", "mask");
    assertThat(again.exit()).isZero();
    assertThat(again.out())
        .startsWith(
            "0 segmented, 1 skipped, 0 failed; 0 files written, 1 already there (--force overwrites"
                + " them), in ");
    assertThat(Files.getLastModifiedTime(mask)).isEqualTo(old);

    Run more = Run.of("run", CAT, "-o", folder, "--write", "mask,color");
    assertThat(more.out())
        .startsWith("1 segmented, 0 skipped, 0 failed; 1 files written, 1 already there ");
    assertThat(Files.getLastModifiedTime(mask)).isEqualTo(old);

    Run forced = Run.of("run", CAT, "-o", folder, "--write", "mask", "--force");
    assertThat(forced.out()).startsWith("1 segmented, 0 skipped, 0 failed; 1 files");
    assertThat(Files.getLastModifiedTime(mask)).isNotEqualTo(old);
  }

  @Test
  void cutsOutTheChosenClassesOnTheChosenBackground() throws IOException {
    Path background = folder.resolve("blue.png");
    BufferedImage blue = new BufferedImage(50, 20, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 1000; i++) {
      blue.setRGB(i % 50, i / 50, 0x0000ff);
    }
    ImageIO.write(blue, "png", background.toFile());
    Path out = folder.resolve("chelsea.cutout.png");

    Run.of("run", CAT, "-o", folder, "--write", "cutout", "--background", "#FF8000");
    assertThat(read(out).getRGB(440, 10)).isEqualTo(0xffff8000);
    assertThat(read(out).getRGB(225, 150)).isEqualTo(read(CAT).getRGB(225, 150));

    Run.of("run", CAT, "-o", folder, "--write", "cutout", "--background", background, "--force");
    assertThat(read(out).getRGB(440, 10)).isEqualTo(0xff0000ff);

    Run.of("run", CAT, "-o", folder, "--write", "cutout", "--class", "Person,dog", "--force");
    assertThat(read(out).getRGB(225, 150) >>> 24).isZero();
  }

  @Test
  void softensTheEdgeOfTheCutout() throws IOException {
    Path out = folder.resolve("chelsea.cutout.png");

    Run.of("run", CAT, "-o", folder, "--write", "cutout", "--feather", "0");
    assertThat(alphas(read(out))).isEqualTo(2);

    Run.of("run", CAT, "-o", folder, "--write", "cutout", "--force");
    assertThat(alphas(read(out))).isGreaterThan(50);
  }

  private static long alphas(BufferedImage image) {
    int width = image.getWidth();
    int[] pixels = image.getRGB(0, 0, width, image.getHeight(), null, 0, width);
    return Arrays.stream(pixels).map(argb -> argb >>> 24).distinct().count();
  }

  @Test
  void segmentsTinyAndNarrowPhotos() throws IOException {
    ImageIO.write(
        new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB),
        "png",
        folder.resolve("dot.png").toFile());
    ImageIO.write(
        new BufferedImage(10000, 1, BufferedImage.TYPE_INT_RGB),
        "png",
        folder.resolve("line.png").toFile());

    Run run = Run.of("run", folder);

    assertThat(run.err()).isEmpty();
    assertThat(run.exit()).isZero();
    assertThat(PalettePng.read(folder.resolve("dot.mask.png")).width()).isEqualTo(1);
    assertThat(PalettePng.read(folder.resolve("line.mask.png")).width()).isEqualTo(10000);
    assertThat(Images.read(folder.resolve("line.overlay.png")).width()).isEqualTo(10000);
  }

  private CategoryMask maskOf(Object... options) throws IOException {
    Object[] args =
        Stream.concat(
                Stream.of("run", CAT, "-o", folder, "--force", "--write", "mask"),
                Stream.of(options))
            .toArray();
    assertThat(Run.of(args).exit()).isZero();
    return PalettePng.read(folder.resolve("chelsea.mask.png"));
  }

  private static long pixels(CategoryMask mask, int category) {
    return ClassStatistics.of(mask, LabelMap.voc()).stream()
        .filter(found -> found.category() == category)
        .mapToLong(ClassStatistics::pixels)
        .sum();
  }

  @Test
  void makesPixelsBelowAThresholdVoid() throws IOException {
    CategoryMask all = maskOf();
    CategoryMask sureCats = maskOf("--threshold", "cat=0.9");
    CategoryMask sure = maskOf("--threshold", "0.9", "--threshold", "cat=0");

    assertThat(pixels(sureCats, 0)).isEqualTo(pixels(all, 0));
    assertThat(pixels(sureCats, 8)).isBetween(1L, pixels(all, 8) - 1);
    assertThat(pixels(sure, 8)).isEqualTo(pixels(all, 8));
    assertThat(pixels(sure, 0)).isBetween(1L, pixels(all, 0) - 1);
  }

  @Test
  void mergesSmallRegionsIntoTheirSurroundings() throws IOException {
    int before = Regions.of(maskOf("--threshold", "0.9")).size();
    List<Region> after = Regions.of(maskOf("--threshold", "0.9", "--min-region", "5000"));

    assertThat(after).isNotEmpty().hasSizeLessThan(before);
    assertThat(after).allMatch(region -> region.pixels() >= 5000 || region.category() == 255);
  }

  @Test
  void drawsOutlinesInTheOverlay() throws IOException {
    Run.of("run", CAT, "-o", folder, "--write", "mask,overlay");
    BufferedImage plain = read(folder.resolve("chelsea.overlay.png"));
    Run.of("run", CAT, "-o", folder, "--write", "overlay", "--force", "--outline");
    BufferedImage outlined = read(folder.resolve("chelsea.overlay.png"));
    CategoryMask mask = PalettePng.read(folder.resolve("chelsea.mask.png"));

    int edge = 0;
    while (mask.category(edge + 1, 150) == 8) {
      edge++;
    }
    assertThat(outlined.getRGB(edge, 150)).isEqualTo(0xff400000);
    assertThat(plain.getRGB(edge, 150)).isNotEqualTo(0xff400000);
    assertThat(outlined.getRGB(225, 150)).isEqualTo(plain.getRGB(225, 150));
  }

  @ParameterizedTest
  @ValueSource(strings = {"blur", "blur:12"})
  void blursTheBackground(String background) throws IOException {
    Run run = Run.of("run", CAT, "-o", folder, "--write", "cutout", "--background", background);

    assertThat(run.exit()).isZero();
    BufferedImage photo = read(CAT);
    BufferedImage cutout = read(folder.resolve("chelsea.cutout.png"));
    assertThat(cutout.getColorModel().hasAlpha()).isFalse();
    assertThat(cutout.getRGB(225, 150)).isEqualTo(photo.getRGB(225, 150));
    assertThat(roughness(cutout)).isLessThan(roughness(photo) / 2);
  }

  @Test
  void blursTheBackgroundOfTheWidestPhoto() throws IOException {
    Path photo = folder.resolve("panorama.png");
    ImageIO.write(new BufferedImage(60000, 12, BufferedImage.TYPE_INT_RGB), "png", photo.toFile());

    Run run = Run.of("run", photo, "--write", "cutout", "--background", "blur");

    assertThat(run.err()).isEmpty();
    assertThat(run.exit()).isZero();
  }

  /** The mean difference between neighboring pixels in a part of the background. */
  private static double roughness(BufferedImage picture) {
    long sum = 0;
    for (int y = 2; y < 12; y++) {
      for (int x = 402; x < 442; x++) {
        int here = picture.getRGB(x, y) & 0xff;
        sum += Math.abs(here - (picture.getRGB(x + 1, y) & 0xff));
      }
    }
    return sum / 400.0;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--write msk | Invalid value for option '--write' (WHAT): expected mask, color, overlay,"
            + " cutout, json, confidence, geojson, yolo, labelme, svg, coco, cvat, summary, found"
            + " \"msk\"",
        "--simplify -1 | --simplify must be 0 to 10000 pixels, found -1.0",
        "--smooth 4 | --smooth must be 0 to 3, found 4",
        "--model deeplabv3plus | there is no model \"deeplabv3plus\" on the class path (did you"
            + " mean \"deeplabv3plus-mobilenetv2-voc\"?). The most similar of ",
        "--backend onxx | there is no backend \"onxx\" on the class path (did you mean \"onnx\"?);"
            + " found onnx, djl, opencv-dnn. Add its jar.",
        "--class cta | no class is named \"cta\" (did you mean \"cat\"?). Classes: background,"
            + " aeroplane, ",
        "--threshold cat=1.5 | the threshold of class \"cat\" must lie in 0..1, found 1.5",
        "--threshold 50 | the threshold of all classes must lie in 0..1, found 50.0",
        "--threshold cat=0.5 --threshold Cat=0.6 | class \"cat\" already has a threshold: 0.5",
        "--threshold 0.5 --threshold 0.6 | there is already a threshold for all classes: 0.5",
        "--threshold cta=0.5 | no class is named \"cta\" (did you mean \"cat\"?). Classes: ",
        "--threshold cat=high | Invalid value for option '--threshold' ([CLASS=]P): expected"
            + " CLASS=P, for example cat=0.7, or P for all classes, found \"cat=high\"",
        "--threshold =0.5 | Invalid value for option '--threshold' ([CLASS=]P): expected CLASS=P,",
        "--min-region 0 | --min-region must be at least 1 pixel, found 0",
        "--background blur:0 | Invalid value for option '--background': expected blur, or blur:PX"
            + " with 1 to 500 pixels, found \"blur:0\"",
        "--background blur:501 | Invalid value for option '--background': expected blur, or"
            + " blur:PX",
        "--device gpu | Invalid value for option '--device': a device is cpu, auto or cuda:N"
            + " (cuda:0 is the first GPU), found \"gpu\"",
        "--background #12345 | Invalid value for option '--background': expected a color as"
            + " #rrggbb, for example #ffffff, found \"#12345\"",
        "--background no.png | Invalid value for option '--background': expected transparent, a"
            + " color as #rrggbb, blur, blur:PX, or an image file: ",
        "--background - | Invalid value for option '--background': a background cannot be read from"
            + " standard input",
        "--feather -1 | --feather must be 0 to 1000 pixels, found -1",
        "--feather soft | Invalid value for option '--feather': 'soft' is not an int",
        "--threads 1025 | threads must lie in 0..1024, found 1025",
        "--setting onnx.cuda | --setting must be NAME=VALUE, found onnx.cuda",
        "--setting =2 | --setting must be NAME=VALUE, found =2",
        "--setting onnx.x=1 --setting onnx.x=2 | --setting onnx.x is set twice",
        "--setting x=1 | a setting's name must be BACKEND.NAME, for example onnx.cuda.memory-limit,"
            + " found \"x\"",
        "--setting onnx.x=1 | backend onnx has no setting onnx.x; it has onnx.cuda.cudnn-search,"
            + " onnx.cuda.memory-limit and onnx.cuda.tf32",
        "--setting onnx.cuda.tf32=a=b | setting onnx.cuda.tf32: expected on, off, found \"a=b\"",
        "--setting onx.cuda.tf32=on | there is no backend onx on the class path for the setting"
            + " onx.cuda.tf32 (did you mean \"onnx.cuda.tf32\"?); found onnx, djl, opencv-dnn."
            + " Correct the setting's name, or add the backend's jar.",
        "--setting djl.x=1 | backend djl has no settings, found djl.x",
        "--setting onnx.cuda.memory-limit=much | setting onnx.cuda.memory-limit: expected a number"
            + " of bytes above 0, or one of KB, MB or GB such as 2GB, found \"much\"",
        "--model no.properties | no.properties: there is no such file or folder; expected a model"
            + " card",
        "--write , | --write is empty: name some of mask, color,",
        "--class , | --class is empty",
        "--max-pixels 0 | --max-pixels must be at least 1, found 0",
        "--tiles 64 --sharpen | --sharpen needs the whole photo, which --tiles divides: use one of"
            + " the two",
        "--tiles 64 --soft --cutout | --soft needs the whole photo, which --tiles divides: use one"
            + " of the two",
        "--overlap 8 | --overlap is for --tiles: choose their size",
        "--tiles 8 | --tiles, --overlap: tiles must be at least 16 pixels wide, found 8",
        "--tiles 64 --overlap 65 | --tiles, --overlap: tiles of 64 pixels can overlap by 0 to 32"
            + " pixels, found 65",
        "--model ../examples/pom.xml | ../examples/pom.xml: to open a model, name its card "
            + "(*.properties), the folder that holds the card, or its network (.onnx, .pt, "
            + ".torchscript) beside the card",
        "--model ../examples | ../examples: a model folder must contain exactly one model card "
            + "(*.properties), found none. See docs/model-card.md for how to write one; this is "
            + "not a Hugging Face model folder, which would contain a config.json.",
        "--wirte mask | Unknown option: '--wirte'"
      })
  void rejectsAWrongCommandLineBeforeRunning(String options, String message) throws IOException {
    Object[] args =
        Stream.concat(Stream.of("run", CAT, "-o", folder), Stream.of(options.split(" ", -1)))
            .toArray();

    Run run = Run.of(args);

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err()).startsWith("segment: " + message).doesNotContain("\tat ");
    assertThat(names(folder)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a.onnx | a network needs a model card, and there is no a.properties beside it.",
        "a.pt | a network needs a model card, and there is no a.properties beside it.",
        "a.pth | this looks like a checkpoint, which holds weights without a network. Convert it"
            + " with 'segment models convert'"
      })
  void saysHowToOpenAModelFileWithoutACard(String name, String message) throws IOException {
    Path file = Files.createFile(folder.resolve(name));

    Run run = Run.of("run", CAT, "--model", file);

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err()).startsWith("segment: " + file + ": " + message);
  }

  @Test
  void opensAModelFileByTheCardNextToIt() throws IOException {
    Run run =
        Run.of("run", TOY.resolve("photo.png"), "-o", folder, "--model", TOY.resolve("toy.onnx"));

    assertThat(run.err()).isEmpty();
    assertThat(run.exit()).isZero();

    Path other = Files.copy(TOY.resolve("toy.onnx"), folder.resolve("other.onnx"));
    Files.copy(TOY.resolve("toy.properties"), folder.resolve("other.properties"));
    assertThat(Run.of("run", CAT, "--model", other).err()).contains(" names other files: ");
  }

  @Test
  void writes16BitMasksForMoreThan256Classes() throws IOException {
    Run run =
        Run.of(
            "run",
            TOY.resolve("photo.png"),
            "-o",
            folder,
            "--model",
            TOY.resolve("many.properties"));

    assertThat(run.err()).isEmpty();
    assertThat(run.out()).startsWith("1 segmented, 0 skipped, 0 failed; 4 files written in ");
    assertThat(PalettePng.read(folder.resolve("photo.mask.png")))
        .isEqualTo(PalettePng.read(TOY.resolve("photo-many.png")));
  }

  @Test
  void writesTheOtherProductsIfOneFails() throws IOException {
    Path taken = Files.createDirectory(folder.resolve("photo.color.png"));

    Run run =
        Run.of(
            "run",
            "--force",
            TOY.resolve("photo.png"),
            "-o",
            folder,
            "--model",
            TOY.resolve("toy.properties"));

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err())
        .isEqualToIgnoringNewLines(
            "segment: %s: cannot write %s: it is a folder"
                .formatted(TOY.resolve("photo.png"), taken));
    assertThat(run.out()).startsWith("0 segmented, 0 skipped, 1 failed; 3 files written in ");
    assertThat(names(folder)).containsExactly("photo.json", "photo.mask.png", "photo.overlay.png");
  }

  @Test
  void keepsTransparency() throws IOException {
    Path logo = TOY.resolve("logo.png");
    Object[] args = {
      "run",
      logo,
      "-o",
      folder,
      "--model",
      TOY.resolve("toy.properties"),
      "--class",
      "red",
      "--feather",
      "0",
      "--write",
      "cutout",
      "--force",
      "--background"
    };
    Path cutout = folder.resolve("logo.cutout.png");
    BufferedImage alpha = read(TOY.resolve("logo-alpha.png"));

    assertThat(run(args, "transparent").exit()).isZero();
    assertThat(read(cutout).getAlphaRaster().getSamples(0, 0, 64, 48, 0, (int[]) null))
        .isEqualTo(alpha.getRaster().getSamples(0, 0, 64, 48, 0, (int[]) null));
    assertThat(read(cutout).getRGB(25, 5) & 0xffffff)
        .isEqualTo(read(logo).getRGB(25, 5) & 0xffffff);

    assertThat(run(args, "#0000ff").exit()).isZero();
    assertThat(read(cutout).getRGB(5, 5)).isEqualTo(0xff0000ff);

    BufferedImage clear = new BufferedImage(64, 48, BufferedImage.TYPE_INT_ARGB);
    ImageIO.write(clear, "png", folder.resolve("clear.png").toFile());
    assertThat(run(args, folder.resolve("clear.png")).exit()).isZero();
    assertThat(read(cutout).getAlphaRaster().getSamples(0, 0, 64, 48, 0, (int[]) null))
        .isEqualTo(alpha.getRaster().getSamples(0, 0, 64, 48, 0, (int[]) null));
  }

  private static Run run(Object[] args, Object last) {
    return Run.of(Stream.concat(Arrays.stream(args), Stream.of(last)).toArray());
  }

  /** Java only keeps a name's bytes when it walks a folder. */
  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "other systems have no such names")
  void reportsANameThatIsNotUtf8() throws IOException, InterruptedException {
    Process copy =
        new ProcessBuilder(
                "sh",
                "-c",
                "cp \"$0\" \"$1/$(printf 'caf\\351.png')\"",
                CAT.toString(),
                folder.toString())
            .start();
    assertThat(copy.waitFor()).isZero();

    Run run = Run.of("run", folder, "--write", "mask");

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err())
        .startsWith("segment: " + folder.resolve("caf\ufffd.png"))
        .contains(": its name ");
    assertThat(Run.of("run", folder.resolve("caf\ufffd.png")).err()).contains(": its name ");
    assertThat(Run.of("run", CAT, "-o", folder.resolve("d\ufffd")).err()).contains(": its name ");
    assertThat(folder.resolve("d\ufffd")).doesNotExist();
  }

  @Test
  void requiresAPath() {
    Run run = Run.of("run");

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err())
        .startsWith("segment: Missing required parameter: 'PATH'")
        .contains("Try 'segment run --help'.");
  }

  @Test
  void rejectsTwoPhotosThatWouldWriteOneFile() throws IOException {
    Path png = Files.copy(CAT, folder.resolve("cat.png"));
    Path jpg = Files.copy(CAT, folder.resolve("cat.jpg"));

    Run run = Run.of("run", png, jpg);

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err())
        .startsWith(
            "segment: %s and %s would both write %s. Rename one, or run them separately with"
                    .formatted(png, jpg, folder.resolve("cat.mask.png"))
                + " different --output folders.");
    assertThat(names(folder)).containsExactly("cat.jpg", "cat.png");
  }

  @Test
  void followsLinks() throws IOException {
    Path photos = Files.createDirectory(folder.resolve("photos"));
    Path cat = Files.copy(CAT, photos.resolve("cat.png"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), photos);
    Files.createSymbolicLink(photos.resolve("loop"), photos);

    Run run = Run.of("run", link, cat, "--write", "mask");

    assertThat(run.err()).isEmpty();
    assertThat(run.out()).startsWith("1 segmented, 0 skipped, 0 failed; 1 files written");
    assertThat(names(photos)).containsExactly("cat.mask.png", "cat.png");
  }

  @Test
  void rejectsAnEmptyPath() {
    assertThat(Run.of("run", "").err()).startsWith("segment: a path is empty.");
    assertThat(Run.of("run", CAT, "-o", "").exit()).isEqualTo(2);
  }

  @Test
  void neverOverwritesAPhoto() throws IOException {
    Path cat = Files.copy(CAT, folder.resolve("cat.png"));
    Path mask = Files.copy(CAT, folder.resolve("cat.mask.png"));

    Run run = Run.of("run", cat, mask, "--force");

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err())
        .startsWith(
            "segment: %s would overwrite the photo %s. Choose another folder with --output."
                .formatted(cat, mask));
  }

  @Test
  void segmentsAPhotoNamedTwiceOnce() {
    Run run = Run.of("run", CAT, PHOTOS.resolve("./chelsea.png"), "-o", folder, "--write", "json");

    assertThat(run.exit()).isZero();
    assertThat(run.out()).startsWith("1 segmented,");
  }

  @Test
  void reportsAMissingDevice() {
    Run run = Run.of("run", CAT, "-o", folder, "--device", "cuda:0");

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err())
        .isEqualToIgnoringNewLines(
            "segment: model deeplabv3plus-mobilenetv2-voc: device cuda:0 is not available: backend"
                + " onnx finds no CUDA: this ONNX Runtime was built without it; depend on"
                + " io.github.pixelwise:pixelwise-onnx-gpu instead of pixelwise-onnx. Choose cpu or"
                + " auto.");
  }

  @Test
  void passesSettingsToTheEngine() {
    Run run =
        Run.of(
            "run",
            CAT,
            "-o",
            folder,
            "--write",
            "json",
            "--setting",
            "onnx.cuda.memory-limit=2GB",
            "--setting",
            "onnx.cuda.tf32=on");

    assertThat(run.err()).isEmpty();
    assertThat(run.exit()).isZero();
  }

  @Test
  void printsHelpAndLists() {
    assertThat(Run.of("--help").out()).contains("Start with 'segment run photo.jpg'");
    assertThat(Run.of("run", "--help").out()).contains("Exit status: 0 everything worked;");
    assertThat(Run.of("models").out())
        .containsPattern(
            "deeplabv3plus-mobilenetv2-voc +21 +18\\.\\d MB +Apache-2\\.0 +built in +Pixelwise");
    assertThat(Run.of("backends").out())
        .containsPattern(
            "onnx +ONNX Runtime 1\\.28\\.0 +onnx +cpu +yes; no CUDA: this ONNX Runtime was built"
                + " without it;")
        .containsPattern("djl +PyTorch 2\\.7\\.1 \\(DJL 0\\.35\\.1\\) +torchscript +cpu +yes")
        .containsPattern("opencv-dnn +OpenCV 4\\.13\\.0 +onnx +cpu +yes");
    assertThat(Run.of("backends", "--settings").out())
        .contains(
            """
            onnx.cuda.tf32
                rounds to 10 bits in convolutions: faster, but masks may differ from those of the CPU
                values:  on, off
                default: off
            backend djl has no settings
            backend opencv-dnn has no settings
            """)
        .contains("default: the engine's choice");
    assertThat(Run.of("modles").err()).contains("Did you mean", "models");
  }
}
