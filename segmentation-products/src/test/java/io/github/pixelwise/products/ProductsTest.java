package io.github.pixelwise.products;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.pixelwise.AlphaMask;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.RgbaImage;
import io.github.pixelwise.ScoreMap;
import io.github.pixelwise.SegmentationOptions;
import io.github.pixelwise.SegmentationResult;
import io.github.pixelwise.TestTimeAugmentation;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.imaging.PalettePng;
import io.github.pixelwise.imaging.Picture;
import io.github.pixelwise.model.OutputKind;
import io.github.pixelwise.model.OutputSpec;
import io.github.pixelwise.postprocess.Alpha;
import io.github.pixelwise.postprocess.Captions;
import io.github.pixelwise.postprocess.Coloring;
import io.github.pixelwise.postprocess.Compositing;
import io.github.pixelwise.postprocess.Foreground;
import io.github.pixelwise.postprocess.GaussianBlur;
import io.github.pixelwise.postprocess.Regions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProductsTest {
  private static final int SIDE = 32;

  private final FakeSegmenter segmenter = new FakeSegmenter("background", "cat", "dog");

  /** Red on the left, green on the right, white between. */
  private static RgbImage colors() {
    byte[] rgb = new byte[SIDE * SIDE * 3];
    Arrays.fill(rgb, (byte) 255);
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        int i = 3 * (y * SIDE + x);
        rgb[i] = (byte) (x < 24 ? 255 : 0);
        rgb[i + 1] = (byte) (x < 8 ? 0 : 255);
        rgb[i + 2] = (byte) (x < 8 || x >= 24 ? 0 : 255);
      }
    }
    return RgbImage.of(SIDE, SIDE, rgb);
  }

  private static Picture photo() {
    return new Picture(colors(), Optional.empty());
  }

  /** The upper half is transparent. */
  private static AlphaMask lowerHalf() {
    byte[] alpha = new byte[SIDE * SIDE];
    Arrays.fill(alpha, alpha.length / 2, alpha.length, (byte) 255);
    return AlphaMask.of(SIDE, SIDE, alpha);
  }

  private static byte[] written(Products products, Product product) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    products.write(product, out);
    return out.toByteArray();
  }

  private static byte[] png(RgbImage image) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Images.writePng(image, out);
    return out.toByteArray();
  }

  private static byte[] png(RgbaImage image) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Images.writePng(image, out);
    return out.toByteArray();
  }

  private byte[] cutout(Recipe.Builder recipe) throws IOException {
    return written(recipe.build().apply(segmenter, photo()), Product.CUTOUT);
  }

  @Test
  void picturesAreThoseOfTheLibrary() throws IOException {
    Products products = Recipe.builder().build().apply(segmenter, photo());
    SegmentationResult result = products.result();
    ByteArrayOutputStream mask = new ByteArrayOutputStream();
    PalettePng.write(result, mask);

    assertThat(written(products, Product.MASK)).isEqualTo(mask.toByteArray());
    assertThat(written(products, Product.COLOR)).isEqualTo(png(Coloring.colorize(result)));
    assertThat(written(products, Product.OVERLAY))
        .isEqualTo(png(Coloring.overlay(colors(), result, 0.5)));
    assertThat(written(products, Product.CUTOUT))
        .isEqualTo(png(Compositing.cutout(colors(), result)));
  }

  /** A ring of red (cat) around white (background), in white. */
  private static Picture ring() {
    byte[] rgb = new byte[3 * SIDE * SIDE];
    for (int i = 0; i < SIDE * SIDE; i++) {
      int distance = Math.max(Math.abs(i % SIDE - 16), Math.abs(i / SIDE - 16));
      boolean red = distance > 2 && distance < 8;
      rgb[3 * i] = (byte) 255;
      rgb[3 * i + 1] = (byte) (red ? 0 : 255);
      rgb[3 * i + 2] = (byte) (red ? 0 : 255);
    }
    return new Picture(RgbImage.of(SIDE, SIDE, rgb), Optional.empty());
  }

  /** How many points the shapes in an SVG file have. */
  private static int corners(Products products) throws IOException {
    return new String(written(products, Product.SVG), UTF_8).split("[ML]\\d", -1).length - 1;
  }

  @Test
  void shapesAreThoseOfTheClassesThatAreKept() throws IOException {
    Products all = Recipe.builder().build().apply(segmenter, photo());
    Products dogs = Recipe.builder().classes("dog").build().apply(segmenter, photo());

    assertThat(new String(written(all, Product.GEOJSON), UTF_8))
        .contains("\"label\":\"cat\"")
        .contains("\"label\":\"dog\"")
        .doesNotContain("background");
    assertThat(new String(written(dogs, Product.GEOJSON), UTF_8))
        .contains("\"label\":\"dog\"")
        .doesNotContain("\"cat\"");
    assertThat(new String(written(dogs, Product.YOLO), UTF_8)).startsWith("1 ");
  }

  @Test
  void shapesReferToThePhotograph() throws IOException {
    Products products = Recipe.builder().build().apply(segmenter, photo());
    Products withPath = products.withPath("../in/a.jpg");

    assertThat(new String(written(withPath, Product.LABELME), UTF_8))
        .contains("\"imagePath\":\"../in/a.jpg\"");
    assertThat(new String(written(withPath, Product.SVG), UTF_8))
        .contains("<image href=\"../in/a.jpg\"");
    assertThat(new String(written(products, Product.SVG), UTF_8)).doesNotContain("<image");
  }

  @Test
  void filesOfSeveralPhotographsNameThem() throws IOException {
    Products products = Recipe.builder().build().apply(segmenter, photo()).withName("in/a.jpg");

    assertThat(new String(written(products, Product.COCO), UTF_8))
        .contains("\"file_name\":\"in/a.jpg\",\"width\":32,\"height\":32");
    assertThat(new String(written(products, Product.CVAT), UTF_8))
        .contains("<image id=\"0\" name=\"in/a.jpg\" width=\"32\" height=\"32\">");
    assertThat(new String(written(products, Product.SUMMARY), UTF_8))
        .contains("\r\nin/a.jpg,cat,256,0.250000,0,0,8,32,4.00,16.00,\r\n");
  }

  @Test
  void cvatGetsTheBackgroundWithinHoles() throws IOException {
    Products products = Recipe.builder().build().apply(segmenter, ring());

    assertThat(new String(written(products, Product.CVAT), UTF_8))
        .containsSubsequence("<polygon label=\"cat\"", "<polygon label=\"background\"");
    assertThat(new String(written(products, Product.COCO), UTF_8))
        .contains("\"category_id\":1")
        .doesNotContain("\"category_id\":0");
  }

  @Test
  void labelMeGetsTheBackgroundWithinHoles() throws IOException {
    Products products = Recipe.builder().build().apply(segmenter, ring());

    String labelMe = new String(written(products, Product.LABELME), UTF_8);
    assertThat(labelMe.split("\"label\":\"cat\"", -1)).hasSize(2);
    assertThat(labelMe.split("\"label\":\"background\"", -1)).as("only the hole").hasSize(2);
    assertThat(labelMe.indexOf("cat")).isLessThan(labelMe.indexOf("background"));
  }

  @Test
  void shapesAreSimplifiedAndSmoothedOnRequest() throws IOException {
    Products exact = Recipe.builder().build().apply(segmenter, ring());
    Products smooth = Recipe.builder().smooth(1).build().apply(segmenter, ring());
    Products simple = Recipe.builder().simplify(20).build().apply(segmenter, ring());

    assertThat(corners(exact)).isEqualTo(4 + 4);
    assertThat(corners(smooth)).isEqualTo(8 + 8);
    assertThat(corners(simple)).as("a triangle would cut into the hole").isEqualTo(4 + 3);
  }

  @Test
  void theReportTellsHowPhotographsWereAugmented() throws IOException {
    segmenter.augmentation(TestTimeAugmentation.of(1, 1.5).withMirror());
    Products products = Recipe.builder().build().apply(segmenter, photo());

    assertThat(new String(written(products, Product.JSON), UTF_8))
        .containsOnlyOnce("\"augmentation\" : \"1,1.5,mirror\",");
  }

  @Test
  void theReportTellsModelEngineTimesAndClasses() throws IOException {
    Products products = Recipe.builder().build().apply(segmenter, photo());

    assertThat(new String(written(products, Product.JSON), UTF_8))
        .isEqualToNormalizingNewlines(
            """
            {
              "model" : "fake",
              "backend" : "fake",
              "engine" : "Fake 1.0",
              "device" : "cpu",
              "width" : 32,
              "height" : 32,
              "milliseconds" : {
                "preprocessing" : 1.235,
                "inference" : 20.0,
                "decoding" : 0.0
              },
              "classes" : [ {
                "id" : 0,
                "name" : "background",
                "pixels" : 512,
                "share" : 0.5,
                "box" : {
                  "x" : 8,
                  "y" : 0,
                  "width" : 16,
                  "height" : 32
                }
              }, {
                "id" : 1,
                "name" : "cat",
                "pixels" : 256,
                "share" : 0.25,
                "box" : {
                  "x" : 0,
                  "y" : 0,
                  "width" : 8,
                  "height" : 32
                }
              }, {
                "id" : 2,
                "name" : "dog",
                "pixels" : 256,
                "share" : 0.25,
                "box" : {
                  "x" : 24,
                  "y" : 0,
                  "width" : 8,
                  "height" : 32
                }
              } ]
            }\
            """);
  }

  @ParameterizedTest
  @EnumSource
  void productsOutliveTheSegmenterAndLeaveTheStreamOpen(Product product) throws IOException {
    Recipe recipe = Recipe.builder().products(EnumSet.of(product)).build();
    Products products = recipe.apply(segmenter, photo());
    segmenter.close();
    AtomicBoolean closed = new AtomicBoolean();
    OutputStream out =
        new ByteArrayOutputStream() {
          @Override
          public void close() {
            closed.set(true);
          }
        };

    products.write(product, out);

    assertThat(out.toString()).isNotEmpty();
    assertThat(closed).isFalse();
  }

  @Test
  void outlinesAreDrawnOnRequest() throws IOException {
    Products products = Recipe.builder().outline().build().apply(segmenter, photo());

    RgbImage plain = Coloring.overlay(colors(), products.result(), 0.5);
    assertThat(written(products, Product.OVERLAY))
        .isEqualTo(png(Coloring.outline(plain, products.result(), 3)));
  }

  @Test
  void aLegendIsBelowTheOverlayOnRequest() throws IOException {
    Products products = Recipe.builder().legend().build().apply(segmenter, photo());

    RgbImage plain = Coloring.overlay(colors(), products.result(), 0.5);
    assertThat(written(products, Product.OVERLAY))
        .isEqualTo(png(Captions.legend(plain, products.result())))
        .isNotEqualTo(png(plain));
  }

  @Test
  void aCutoutKeepsTheClassesAskedForAndItsEdgesAsAskedFor() throws IOException {
    Products products = Recipe.builder().build().apply(segmenter, photo());
    AlphaMask dog = Alpha.ofClasses(products.result().mask(), products.result().labels(), "dog");

    assertThat(cutout(Recipe.builder().classes("Dog").feather(0)))
        .isEqualTo(png(Compositing.cutout(colors(), dog)));
  }

  /** Red fades into black from left to right, with a green speck at the right. */
  private static RgbImage fading() {
    byte[] rgb = new byte[SIDE * SIDE * 3];
    for (int i = 0; i < SIDE * SIDE; i++) {
      rgb[3 * i] = (byte) Math.max(0, 255 - 15 * (i % SIDE));
    }
    rgb[3 * (5 * SIDE + 30) + 1] = 100;
    return RgbImage.of(SIDE, SIDE, rgb);
  }

  private byte[] soft(Recipe.Builder recipe) throws IOException {
    return written(
        recipe.build().apply(segmenter, new Picture(fading(), Optional.empty())), Product.CUTOUT);
  }

  private static byte[] cutout(AlphaMask alpha) throws IOException {
    return png(Compositing.cutout(Foreground.estimate(fading(), alpha), alpha));
  }

  @Test
  void aSoftCutoutTakesItsAlphaFromTheProbabilities() throws IOException {
    ScoreMap scores = segmenter.scores(fading());
    AlphaMask cat = Alpha.ofProbability(scores, 1);
    AlphaMask both = Alpha.ofProbability(scores, 1, 2);

    assertThat(cat.alpha(4, 0)).isEqualTo(195);
    assertThat(soft(Recipe.builder().soft())).isEqualTo(cutout(both));
    assertThat(soft(Recipe.builder().soft().classes("cat"))).isEqualTo(cutout(cat));
    assertThat(soft(Recipe.builder().soft().relabeling(Map.of("cat", "pet", "dog", "pet"))))
        .isEqualTo(cutout(both));
    assertThat(soft(Recipe.builder().soft().relabeling(Map.of("dog", "void"))))
        .isEqualTo(cutout(cat));
    assertThat(soft(Recipe.builder().soft().feather(2)))
        .isEqualTo(cutout(Alpha.feather(both, GaussianBlur.ofKernelSize(5))));
    assertThat(soft(Recipe.builder().soft().minRegion(2)))
        .isEqualTo(cutout(Regions.dropSmall(both, 2)))
        .isNotEqualTo(cutout(both));
  }

  @Test
  void aModelsCardMayAskForSoftEdges() throws IOException {
    byte[] hard = soft(Recipe.builder());
    segmenter.output(
        OutputSpec.logits("y", 1).withKind(OutputKind.PROBABILITIES).withSoftEdge(true));

    assertThat(soft(Recipe.builder()))
        .isEqualTo(cutout(Alpha.ofProbability(segmenter.scores(fading()), 1, 2)))
        .isNotEqualTo(hard);
  }

  @Test
  void edgesAreRefinedOnRequest() throws IOException {
    AlphaMask both = Alpha.ofProbability(segmenter.scores(fading()), 1, 2);

    assertThat(soft(Recipe.builder().soft().refine()))
        .isEqualTo(cutout(Alpha.refine(fading(), both)));
    SegmentationResult result = Recipe.builder().build().apply(segmenter, photo()).result();
    AlphaMask hard = Alpha.foreground(result.mask(), result.labels());
    AlphaMask refined = Alpha.refine(colors(), hard);
    assertThat(cutout(Recipe.builder().refine()))
        .isEqualTo(png(Compositing.cutout(Foreground.estimate(colors(), refined), refined)));
  }

  @Test
  void masksAreSharpenedOnRequestOnly() {
    Recipe.builder().build().apply(segmenter, photo());
    Recipe.builder().sharpen().build().apply(segmenter, photo());

    assertThat(segmenter.calls())
        .extracting(SegmentationOptions::sharpening)
        .containsExactly(false, true);
  }

  @Test
  void classesWithoutProbabilitiesHaveNoSoftCutout() {
    segmenter.output(OutputSpec.logits("y", 1).withKind(OutputKind.CATEGORIES));
    Recipe recipe = Recipe.builder().soft().build();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> recipe.apply(segmenter, photo()))
        .withMessage(
            "model fake outputs classes without probabilities, so its cutouts cannot be soft; use"
                + " hard edges");
    assertThat(segmenter.calls()).isEmpty();
  }

  @Test
  void aCutoutIsPutOnAColorOrAPicture() throws IOException {
    Products products = Recipe.builder().build().apply(segmenter, photo());
    AlphaMask hard = Alpha.foreground(products.result().mask(), products.result().labels());
    Picture paper = new Picture(RgbImage.of(1, 1, new byte[] {1, 2, 3}), Optional.empty());
    Picture holes = new Picture(colors(), Optional.of(lowerHalf()));

    assertThat(cutout(Recipe.builder().feather(0).background(Background.ofColor(0x123456))))
        .isEqualTo(png(Compositing.over(colors(), hard, 0x123456)));
    assertThat(cutout(Recipe.builder().feather(0).background(Background.ofPicture(paper))))
        .isEqualTo(png(Compositing.over(colors(), hard, paper.colors())));
    assertThat(cutout(Recipe.builder().feather(0).background(Background.ofPicture(holes))))
        .isEqualTo(png(Compositing.over(colors(), hard, colors(), lowerHalf())));
  }

  @Test
  void theBackgroundIsBlurredByAnEightiethOfTheLongerSideUnlessSaidOtherwise() throws IOException {
    Products products = Recipe.builder().build().apply(segmenter, photo());
    AlphaMask hard = Alpha.foreground(products.result().mask(), products.result().labels());

    assertThat(cutout(Recipe.builder().feather(0).background(Background.BLURRED)))
        .isEqualTo(png(Compositing.blurBackground(colors(), hard, 0.4)));
    assertThat(cutout(Recipe.builder().feather(0).background(Background.ofBlur(5))))
        .isEqualTo(png(Compositing.blurBackground(colors(), hard, 5)));
  }

  @Test
  void whatIsTransparentInThePhotographIsNeverForeground() throws IOException {
    Picture photo = new Picture(colors(), Optional.of(lowerHalf()));
    Products products = Recipe.builder().feather(0).build().apply(segmenter, photo);

    AlphaMask hard = Alpha.foreground(products.result().mask(), products.result().labels());
    assertThat(products.result().mask().category(0, 0)).isZero(); // white for the network
    assertThat(written(products, Product.CUTOUT))
        .isEqualTo(png(Compositing.cutout(colors(), hard.min(lowerHalf()))));
    assertThat(Foreground.estimate(colors(), hard)).isEqualTo(colors());
  }

  @Test
  void tellTheAlphaOfTheirCutout() throws IOException {
    Products made = Recipe.builder().classes("cat").refine().build().apply(segmenter, photo());

    RgbaImage cutout =
        Compositing.cutout(Foreground.estimate(colors(), made.alpha()), made.alpha());
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    Images.writePng(cutout, expected);
    assertThat(written(made, Product.CUTOUT)).isEqualTo(expected.toByteArray());
  }
}
