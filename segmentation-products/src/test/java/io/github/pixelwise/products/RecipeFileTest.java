package io.github.pixelwise.products;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.pixelwise.LabelMap;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.SegmentationOptions;
import io.github.pixelwise.Thresholds;
import io.github.pixelwise.imaging.Picture;
import io.github.pixelwise.tile.Tiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecipeFileTest {
  private static final int SIDE = 24;

  @TempDir private Path folder;

  private final FakeSegmenter segmenter = new FakeSegmenter("background", "cat", "dog");
  private final LabelMap pets = LabelMap.of(List.of("background", "cat", "dog"));

  /** Red at the upper left, a green dot, and gray elsewhere. */
  private static Picture photo() {
    byte[] rgb = new byte[3 * SIDE * SIDE];
    Arrays.fill(rgb, (byte) 100);
    for (int i = 0; i < SIDE * SIDE; i++) {
      if (i % SIDE < 9 && i / SIDE < 13 - i % SIDE) {
        rgb[3 * i] = (byte) 255;
        rgb[3 * i + 1] = 0;
        rgb[3 * i + 2] = 0;
      }
    }
    int dot = 3 * (20 * SIDE + 20);
    rgb[dot] = 0;
    rgb[dot + 1] = (byte) 255;
    rgb[dot + 2] = 0;
    return new Picture(RgbImage.of(SIDE, SIDE, rgb), Optional.empty());
  }

  private byte[] written(Recipe recipe, Product product) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    recipe.apply(segmenter, photo()).write(product, out);
    return out.toByteArray();
  }

  /** Requires that a text does what a builder does, and that this is not the default. */
  private void requireSame(String text, Product product, Consumer<Recipe.Builder> same)
      throws IOException {
    Recipe.Builder recipe = Recipe.builder();
    same.accept(recipe);
    byte[] expected = written(recipe.build(), product);

    assertThat(written(RecipeFile.parse(text).recipe(pets), product)).isEqualTo(expected);
    assertThat(written(Recipe.builder().build(), product)).isNotEqualTo(expected);
  }

  @Test
  void everyKeyDoesWhatItsOptionDoes() throws IOException {
    requireSame("min-region = 2", Product.MASK, recipe -> recipe.minRegion(2));
    requireSame("outline = true", Product.OVERLAY, Recipe.Builder::outline);
    requireSame("legend = true", Product.OVERLAY, Recipe.Builder::legend);
    requireSame("class = dog", Product.CUTOUT, recipe -> recipe.classes("dog"));
    requireSame("feather = 1", Product.CUTOUT, recipe -> recipe.feather(1));
    requireSame("soft = true", Product.CUTOUT, Recipe.Builder::soft);
    requireSame("refine = true", Product.CUTOUT, Recipe.Builder::refine);
    requireSame(
        "background = blur:2", Product.CUTOUT, recipe -> recipe.background(Background.ofBlur(2)));
    requireSame("simplify = 1.5", Product.YOLO, recipe -> recipe.simplify(1.5));
    requireSame("smooth = 2", Product.YOLO, recipe -> recipe.smooth(2));
    requireSame(
        "format = jpg\nwrite = overlay",
        Product.OVERLAY,
        recipe -> recipe.format(PictureFormat.jpeg(90)));
    requireSame(
        "format = jpg\nquality = 30\nwrite = overlay",
        Product.OVERLAY,
        recipe -> recipe.format(PictureFormat.jpeg(30)));
  }

  @Test
  void masksAreMadeAsTheTextSays() {
    for (String text :
        List.of("sharpen = true", "tiles = 32", "tiles = 32\noverlap = 8", "threshold = 0.5")) {
      RecipeFile.parse(text).recipe(pets).apply(segmenter, photo());
    }

    assertThat(segmenter.calls())
        .containsExactly(
            SegmentationOptions.MASK_ONLY.withSharpening(),
            SegmentationOptions.MASK_ONLY.withTiles(32, 4),
            SegmentationOptions.MASK_ONLY.withTiles(32, 8),
            SegmentationOptions.MASK_ONLY.withThresholds(Thresholds.ofAll(0.5)));
    assertThat(RecipeFile.parse("tiles = 32").recipe(pets).tiles()).contains(new Tiles(32, 4));
  }

  @Test
  void whatIsWrittenIsListed() {
    assertThat(RecipeFile.parse("write = json, mask,confidence").recipe(pets).products(pets))
        .containsExactly(Product.MASK, Product.JSON, Product.CONFIDENCE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "\n \n", "# feather = 5\n  # soft = true", "soft = false\nrefine=false"})
  void whatIsNotSaidIsTheDefault(String text) throws IOException {
    Recipe recipe = RecipeFile.parse(text).recipe(pets);

    assertThat(recipe.products(pets))
        .containsExactlyElementsOf(EnumSet.range(Product.MASK, Product.JSON));
    assertThat(written(recipe, Product.CUTOUT))
        .isEqualTo(written(Recipe.builder().build(), Product.CUTOUT));
  }

  @Test
  void aTextIsReadBackAsItWasWritten() {
    RecipeFile recipe =
        RecipeFile.parse(
            String.join(
                "\r\n",
                "\uFEFF# a comment",
                "  class=road\\, route , sky",
                "threshold =  0.5,road\\, route=0.75",
                "background = a # b = c\\d.png",
                "",
                "soft = true"));

    assertThat(recipe.values())
        .containsExactly(
            Map.entry("background", "a # b = c\\d.png"),
            Map.entry("class", "road\\, route , sky"),
            Map.entry("soft", "true"),
            Map.entry("threshold", "0.5,road\\, route=0.75"));
    assertThat(recipe)
        .hasToString(
            """
            background = a # b = c\\d.png
            class = road\\, route , sky
            soft = true
            threshold = 0.5,road\\, route=0.75
            """);
    assertThat(RecipeFile.parse(recipe.toString())).isEqualTo(recipe).hasSameHashCodeAs(recipe);
    assertThat(recipe.with("soft", "false")).isNotEqualTo(recipe);
  }

  @Test
  void aValueReplacesAnother() {
    RecipeFile recipe = RecipeFile.parse("feather = 1");

    assertThat(recipe.with("feather", " 2 ")).hasToString("feather = 2\n");
    assertThat(recipe).hasToString("feather = 1\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "fether = 1 | unknown key fether (did you mean \"feather\"?); keys are write, threshold,"
            + " sharpen, tiles, overlap, min-region, outline, legend, format, quality, class,"
            + " background, feather, soft, refine, simplify, smooth",
        "Soft = true | unknown key Soft (did you mean \"soft\"?); keys are write,",
        "feather 1 | expected lines KEY = VALUE, found \"feather 1\"",
        "= 1 | expected lines KEY = VALUE, found \"= 1\"",
        "write = msk | key write: expected mask, color, overlay, cutout, json, confidence,",
        "write = , | key write is empty: name some of mask, color, overlay,",
        "write = | key write is empty: name some of mask,",
        "class = , | key class is empty",
        "threshold = | key threshold: expected CLASS=P, for example cat=0.7, or P for all classes,"
            + " found \"\"",
        "threshold = cat=high, 0.5 | key threshold: expected CLASS=P, for example cat=0.7, or P for"
            + " all classes, found \"cat=high\"",
        "threshold = 0.5, cat | key threshold: expected CLASS=P, for example cat=0.7, or P for all"
            + " classes, found \"cat\"",
        "threshold = cat=NaN | key threshold: expected CLASS=P,",
        "threshold = cat=1.5 | the threshold of class \"cat\" must lie in 0..1, found 1.5",
        "threshold = -1 | the threshold of all classes must lie in 0..1, found -1.0",
        "threshold = 0.5, 0.6 | there is already a threshold for all classes: 0.5",
        "threshold = cat=0.5, Cat=0.6 | class \"cat\" already has a threshold: 0.5",
        "sharpen = yes | key sharpen: expected true or false, found \"yes\"",
        "outline = | key outline: expected true or false, found \"\"",
        "legend = 1 | key legend: expected true or false, found \"1\"",
        "soft = True | key soft: expected true or false, found \"True\"",
        "refine = on | key refine: expected true or false, found \"on\"",
        "tiles = 8 | key tiles, key overlap: tiles must be at least 16 pixels wide, found 8",
        "tiles = large | key tiles: expected a whole number, found \"large\"",
        "overlap = -1 | key overlap must be at least 0 pixels, found -1",
        "min-region = 0 | key min-region must be at least 1 pixel, found 0",
        "format = gif | key format: expected png, jpg, or webp, found \"gif\"",
        "quality = 0 | key quality must be 1 to 100, found 0",
        "quality = 101 | key quality must be 1 to 100, found 101",
        "background = blur:0 | key background: expected blur, or blur:PX with 1 to 500 pixels,"
            + " found \"blur:0\"",
        "background = #12345 | key background: expected a color as #rrggbb, for example #ffffff,"
            + " found \"#12345\"",
        "background = | key background: expected transparent, a color as #rrggbb, blur, blur:PX, or"
            + " an image file, found nothing",
        "feather = 1001 | key feather must be 0 to 1000 pixels, found 1001",
        "feather = 1.5 | key feather: expected a whole number, found \"1.5\"",
        "simplify = -1 | key simplify must be 0 to 10000 pixels, found -1",
        "simplify = NaN | key simplify must be 0 to 10000 pixels, found NaN",
        "simplify = much | key simplify: expected a number, found \"much\"",
        "smooth = 4 | key smooth must be 0 to 3, found 4"
      })
  void wrongLinesAreNamed(String line, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RecipeFile.parse("# pets\n" + line))
        .withMessageStartingWith(message);
  }

  @Test
  void aKeyOccursOnce() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RecipeFile.parse("soft = true\nsmooth = 1\nsoft = true"))
        .withMessage("key soft occurs twice");
  }

  @Test
  void aValueIsOneLine() {
    RecipeFile recipe = RecipeFile.parse("");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> recipe.with("background", "a\nsoft = true"))
        .withMessage("key background: expected one line, found \"a\nsoft = true\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "class = cat, horse | no class is named \"horse\". Classes: background, cat, dog.",
        "threshold = cta=0.5 | no class is named \"cta\" (did you mean \"cat\"?). Classes:"
            + " background, cat, dog.",
        "overlap = 8 | key overlap is for key tiles: choose their size",
        "tiles = 64; overlap = 65 | key tiles, key overlap: tiles of 64 pixels can overlap by 0 to"
            + " 32 pixels, found 65",
        "tiles = 64; sharpen = true | key sharpen needs the whole photo, which key tiles divides:"
            + " use one of the two",
        "background = beach.png | key background: expected transparent, a color as #rrggbb, blur,"
            + " or blur:PX, found \"beach.png\". Files cannot be opened here",
        "format = jpg | key format: a jpg cannot be transparent. For the cutout, set a background"
            + " or webp; or leave the cutout out of what key write names"
      })
  void whatDoesNotFitIsSaidBeforeThereIsAPhotograph(String lines, String message) {
    RecipeFile recipe = RecipeFile.parse(lines.replace("; ", "\n"));

    assertThatIllegalArgumentException().isThrownBy(() -> recipe.recipe(pets)).withMessage(message);
  }

  @Test
  void aCutoutNeedsClassesOrABackground() {
    RecipeFile recipe = RecipeFile.parse("write = cutout");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> recipe.recipe(LabelMap.of(List.of("road", "sky"))))
        .withMessageStartingWith("no class is named \"background\", so a cutout needs the classes");
  }

  @Test
  void namesOfClassesMayHaveCommas() {
    LabelMap labels = LabelMap.of(List.of("road, route", "3, or so", "a=b", "sky"));
    FakeSegmenter street = new FakeSegmenter("road, route", "3, or so", "a=b", "sky");

    RecipeFile.parse(
            "threshold = 0.25, ROAD, ROUTE=0.5, 3\\, or so=0.75, a=b=1, sky=0\nclass = sky,road,"
                + " route, 3, or so")
        .recipe(labels)
        .apply(street, photo());

    assertThat(street.calls())
        .extracting(SegmentationOptions::thresholds)
        .containsExactly(
            new Thresholds(
                0.25,
                Map.of("road, route", 0.5, "3, or so", 0.75, "a=b", 1.0, "sky", 0.0),
                Optional.empty()));
  }

  @Test
  void aBackgroundIsOpenedByItsName() throws IOException {
    RecipeFile recipe = RecipeFile.parse("background = beach.png");
    Background paper = Background.ofColor(0x123456);

    Recipe made =
        recipe.recipe(
            pets,
            name -> {
              assertThat(name).isEqualTo("beach.png");
              return paper;
            });

    assertThat(written(made, Product.CUTOUT))
        .isEqualTo(written(Recipe.builder().background(paper).build(), Product.CUTOUT));
  }

  @Test
  void filesOfARecipeAreRelativeToIt() throws IOException {
    Path file = Files.writeString(folder.resolve("a.recipe"), "background = beach.png\n");

    assertThat(RecipeFile.read(file).values())
        .containsExactly(Map.entry("background", folder.resolve("beach.png").toString()));
    Files.writeString(file, "background = /beach.png\n");
    assertThat(RecipeFile.read(file)).hasToString("background = /beach.png\n");
    Files.writeString(file, "background = blur:3\n");
    assertThat(RecipeFile.read(file)).hasToString("background = blur:3\n");
  }

  @Test
  void errorsNameTheFile() throws IOException {
    Path file = Files.writeString(folder.resolve("a.recipe"), "feather = 1001\n");
    Path latin = folder.resolve("latin.recipe");
    Files.write(latin, "class = Stra\u00dfe".getBytes(StandardCharsets.ISO_8859_1));
    Path missing = folder.resolve("missing.recipe");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> RecipeFile.read(file))
        .withMessage("recipe %s: key feather must be 0 to 1000 pixels, found 1001", file);
    assertThatIOException()
        .isThrownBy(() -> RecipeFile.read(latin))
        .withMessage("recipe %s: the file is not UTF-8; save it as UTF-8", latin);
    assertThatIOException()
        .isThrownBy(() -> RecipeFile.read(missing))
        .withMessage("recipe %s: there is no such file or folder", missing);
    assertThatIOException()
        .isThrownBy(() -> RecipeFile.read(folder))
        .withMessage(
            "recipe %s: it is a folder; expected a text file with lines KEY = VALUE", folder);
  }

  @Test
  void whatHasNoEffectIsNamed() {
    RecipeFile all =
        RecipeFile.parse(
            """
            threshold = 0.5
            min-region = 2
            outline = true
            legend = true
            format = webp
            quality = 50
            class = cat
            background = #ffffff
            feather = 0
            soft = true
            refine = true
            simplify = 1
            smooth = 1
            """);

    assertThat(all.withoutEffect(Set.of(Product.MASK)))
        .containsExactly(
            "outline",
            "legend",
            "format",
            "quality",
            "class",
            "background",
            "feather",
            "soft",
            "refine",
            "simplify",
            "smooth");
    assertThat(all.withoutEffect(Set.of(Product.OVERLAY)))
        .containsExactly("class", "background", "feather", "soft", "refine", "simplify", "smooth");
    assertThat(all.withoutEffect(Set.of(Product.CUTOUT)))
        .containsExactly("outline", "legend", "simplify", "smooth");
    assertThat(all.withoutEffect(Set.of(Product.SVG)))
        .containsExactly(
            "outline", "legend", "format", "quality", "background", "feather", "soft", "refine");
    assertThat(
            RecipeFile.parse(
                    """
                    soft = false
                    outline = false
                    background = transparent
                    simplify = 0
                    smooth = 0
                    """)
                .withoutEffect(Set.of(Product.MASK)))
        .isEmpty();
    assertThat(RecipeFile.parse("quality = 5").withoutEffect(Set.of(Product.OVERLAY)))
        .containsExactly("quality");
  }

  @Test
  void listsItsKeys() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RecipeFile.parse("x = 1"))
        .withMessageEndingWith("keys are " + String.join(", ", RecipeFile.keys()));
  }
}
