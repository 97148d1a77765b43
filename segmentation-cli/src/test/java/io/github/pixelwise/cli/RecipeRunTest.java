package io.github.pixelwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pixelwise.RgbImage;
import io.github.pixelwise.SegmentationOptions;
import io.github.pixelwise.SegmentationResult;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.products.Product;
import io.github.pixelwise.products.RecipeFile;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Recipe files, and what they say that options do not. */
class RecipeRunTest {
  private static final Path TEST = Path.of("src/test/resources/io/github/pixelwise/cli");
  private static final Path TOY = TEST.resolve("toy");
  private static final Path PHOTO = TOY.resolve("photo.png");

  private static final String TIMES = "\"(preprocessing|inference|decoding)\" : [0-9.]+";

  @TempDir private Path folder;

  private Path recipe(String text) throws IOException {
    return Files.writeString(folder.resolve("a.recipe"), text);
  }

  private Run run(String output, Object... options) {
    Stream<Object> start =
        Stream.of(
            "run",
            PHOTO,
            "-o",
            folder.resolve(output),
            "-m",
            TOY.resolve("toy.properties"),
            "--force");
    return Run.of(Stream.concat(start, Stream.of(options)).toArray());
  }

  /** The contents of the files that a run without messages wrote, by their names. */
  private Map<String, String> files(String output, Object... options) throws IOException {
    Run run = run(output, options);
    assertThat(run.err()).isEmpty();
    assertThat(run.exit()).isZero();
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> paths = Files.list(folder.resolve(output))) {
      for (Path path : paths.toList()) {
        files.put(
            path.getFileName().toString(),
            Files.readString(path, StandardCharsets.ISO_8859_1).replaceAll(TIMES, ""));
      }
    }
    return files;
  }

  @Test
  void writesWhatTheSameOptionsWrite() throws IOException {
    Path background = Files.copy(TOY.resolve("logo.png"), folder.resolve("behind.png"));
    Object[] options = {
      "--write=mask,overlay,cutout,svg,confidence,json",
      "--threshold=0.9",
      "--threshold=red=0.99",
      "--min-region=4",
      "--tiles=32",
      "--overlap=8",
      "--outline",
      "--legend",
      "--format=webp",
      "--quality=70",
      "--class=red,blue",
      "--background=" + background,
      "--feather=2",
      "--refine",
      "--simplify=1",
      "--smooth=1"
    };
    Path recipe =
        recipe(
            """
            write = mask, overlay, cutout, svg, confidence, json
            threshold = 0.9, red=0.99
            min-region = 4
            tiles = 32
            overlap = 8
            outline = true
            legend = true
            format = webp
            quality = 70
            class = red, blue
            background = behind.png
            feather = 2
            refine = true
            simplify = 1
            smooth = 1
            """);

    Map<String, String> expected = files("options", options);

    assertThat(files("recipe", "--recipe", recipe)).isEqualTo(expected);
    assertThat(expected.keySet())
        .containsExactly(
            "photo.confidence.png",
            "photo.cutout.webp",
            "photo.json",
            "photo.mask.png",
            "photo.overlay.webp",
            "photo.svg");
    Map<String, String> plain =
        files("plain", "--write=mask,overlay,cutout,svg,confidence", "--class=red");
    expected.forEach((name, content) -> assertThat(plain.get(name)).isNotEqualTo(content));
  }

  @Test
  void optionsOverrideTheRecipe() throws IOException {
    Path recipe =
        recipe("write = cutout\nclass = red\nfeather = 9\nsoft = true\nbackground = gone.png\n");
    Object[] options = {"--class=blue", "--feather=0", "--background=#ffffff"};

    Map<String, String> expected = files("options", merged(options, "--cutout"));

    assertThat(files("recipe", merged(options, "--recipe", recipe, "--no-soft")))
        .isEqualTo(expected);
    assertThat(files("other", merged(options, "--recipe", recipe))).isNotEqualTo(expected);
    assertThat(
            files("json", merged(options, "--recipe", recipe, "--no-soft", "--write=cutout,json")))
        .containsOnlyKeys("photo.cutout.png", "photo.json");
  }

  private static Object[] merged(Object[] options, Object... more) {
    return Stream.concat(Stream.of(options), Stream.of(more)).toArray();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "tiles = 32 | --sharpen | --sharpen needs the whole photo, which --tiles divides: use one"
            + " of the two",
        "sharpen = true | --tiles=32 | --sharpen needs the whole photo, which --tiles divides",
        "tiles = 32; class = red | --soft | --soft needs the whole photo, which --tiles divides",
        "overlap = 8 | --threads=1 | --overlap is for --tiles: choose their size",
        "tiles = 32 | --overlap=17 | --tiles, --overlap: tiles of 32 pixels can overlap by 0 to 16"
            + " pixels, found 17",
        "format = jpg | --cutout --class=red | --format jpg cannot be transparent. For the cutout,",
        "class = read | --threads=1 | no class is named \"read\" (did you mean \"red\"?).",
        "threshold = read=1 | --threads=1 | no class is named \"read\" (did you mean \"red\"?).",
        "write = cutout | --threads=1 | model toy.properties has no class named background. Use"
            + " --class"
      })
  void checksSeeWhatIsEffective(String lines, String options, String message) throws IOException {
    Path recipe = recipe(lines.replace("; ", "\n"));

    Run run = run("out", merged(options.split(" "), "--recipe", recipe));

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err().replace(TOY + "/", "")).startsWith("segment: " + message);
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  void saysWhatOfTheRecipeHasNoEffect() throws IOException {
    Path recipe = recipe("class = red\nsoft = true\nlegend = true\nsimplify = 1\n");

    assertThat(run("out", "--recipe", recipe, "--write=mask", "--no-legend").err())
        .isEqualToIgnoringNewLines(
            "segment: these options have no effect on what is written: --class, --soft,"
                + " --simplify");
  }

  @Test
  void oneProductOfARecipeGoesToStandardOutput() throws IOException {
    Path recipe = recipe("write = mask, json\n");

    Run run =
        Run.of("run", PHOTO, "-o", "-", "-m", TOY.resolve("toy.properties"), "--recipe", recipe);

    assertThat(run.err()).startsWith("segment: --output - writes one file. Choose it with --write");
  }

  @Test
  void aWrongRecipeIsRefused() throws IOException {
    Path wrong = recipe("write = mask\nfether = 3\n");
    Path missing = folder.resolve("missing.recipe");
    Path latin = folder.resolve("latin.recipe");
    Files.write(latin, "class = Stra\u00dfe".getBytes(StandardCharsets.ISO_8859_1));

    requireError(
        wrong, "recipe %s: unknown key fether (did you mean \"feather\"?); keys are write,");
    requireError(missing, "recipe %s: there is no such file or folder\n");
    requireError(latin, "recipe %s: the file is not UTF-8; save it as UTF-8\n");
    requireError(
        folder, "recipe %s: it is a folder; expected a text file with lines KEY = VALUE\n");
    requireError(
        recipe("write = cutout\nclass = red\nbackground = gone.png\n"),
        "Invalid value for option '--background': expected transparent, a color as #rrggbb, blur,"
            + " blur:PX, or an image file: cannot read "
            + folder.resolve("gone.png"));
  }

  private void requireError(Path recipe, String message) {
    Run run = run("out", "--recipe", recipe);

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err()).startsWith("segment: " + message.formatted(recipe));
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  void partsOfFilesForAllPhotosBelongToTheValuesOfARecipe() {
    Path red = part("write = coco\nclass = red\n");

    assertThat(part("class = red\nwrite = coco, json\n")).isEqualTo(red);
    assertThat(part("write = coco\nclass = blue\n")).isNotEqualTo(red);
  }

  private Path part(String recipe) {
    return JoinedOutputs.of(
            Set.of(Product.COCO), folder, List.of(PHOTO), RecipeFile.parse(recipe), List.of())
        .part(new Photograph(PHOTO, folder.resolve("photo"), "photo.png"), Product.COCO);
  }

  @Test
  void confidenceIsThatOfTheLibraryAlsoInTiles() throws IOException {
    RgbImage photo = Images.read(PHOTO);
    try (Segmenter segmenter = Segmenter.builder().model(TOY.resolve("toy.properties")).open()) {
      SegmentationOptions options = SegmentationOptions.MASK_ONLY.withConfidence();
      run("whole", "--write=confidence");
      requireSame(segmenter.segment(photo, options), folder.resolve("whole/photo.confidence.png"));

      run("tiles", "--write=confidence", "--tiles=32");
      requireSame(
          segmenter.segment(photo, options.withTiles(32, 4)),
          folder.resolve("tiles/photo.confidence.png"));
    }
  }

  private static void requireSame(SegmentationResult result, Path file) throws IOException {
    BufferedImage png = ImageIO.read(file.toFile());
    assertThat(png.getType()).isEqualTo(BufferedImage.TYPE_BYTE_GRAY);
    int[] samples =
        png.getRaster().getSamples(0, 0, png.getWidth(), png.getHeight(), 0, (int[]) null);
    for (int i = 0; i < samples.length; i++) {
      float expected =
          result.confidence().orElseThrow().confidence(i % png.getWidth(), i / png.getWidth());
      assertThat(samples[i] / 255f).isEqualTo(expected);
    }
    assertThat(samples).doesNotContain(0);
  }

  @Test
  void confidenceNeedsProbabilities() {
    Run run =
        Run.of(
            "run",
            PHOTO,
            "-o",
            folder.resolve("out"),
            "--write=mask,confidence",
            "-m",
            TEST.resolve("saliency/categories.properties"));

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err())
        .startsWith(
            "segment: model categories outputs classes without probabilities, so there is no"
                + " confidence to write");
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  void confidencesAreNoPhotos() throws IOException {
    Files.copy(PHOTO, folder.resolve("photo.png"));
    Files.copy(PHOTO, folder.resolve("photo.confidence.png"));

    PhotographFinder finder = new PhotographFinder(null);
    finder.add(folder);

    assertThat(finder.photographs())
        .extracting(Photograph::source)
        .containsExactly(folder.resolve("photo.png"));
  }
}
