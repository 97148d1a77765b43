package io.github.pixelwise.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.pixelwise.Catalog;
import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.LabelMap;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.ScoreMap;
import io.github.pixelwise.SegmentationOptions;
import io.github.pixelwise.SegmentationResult;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.model.GridAlignment;
import io.github.pixelwise.model.ImageGeometry;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelFormat;
import io.github.pixelwise.model.OutputSpec;
import io.github.pixelwise.model.SizeRule;
import io.github.pixelwise.spi.BackendProvider;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** All engines compute the same masks and scores with real networks. */
class ParityTest {
  private static final Path SHARED = Path.of("../../shared");
  private static final SegmentationOptions WITH_SCORES = SegmentationOptions.MASK_ONLY.withScores();

  /** The most that scores may differ, as a share of their range. */
  private static final double SCORES = 1e-3;

  private static final double MARGIN = 0.01;
  private static final double DIFFERENT = 1e-4;

  private static final Map<String, Segmenter> OPEN = new TreeMap<>();
  private static final Map<String, Agreement> TABLE = new TreeMap<>();

  /** The result for one network on two engines, for docs/backends.md. */
  private static final class Agreement {
    private long pixels;
    private long different;
    private double scores;
  }

  private static List<String> backends() {
    return Catalog.load().backends().stream().map(BackendProvider::name).toList();
  }

  private static ModelCard published() {
    Path folder = SHARED.resolve("models");
    assumeTrue(Files.isDirectory(folder), () -> "skipped: there is no " + folder);
    InputSpec input =
        InputSpec.builder("input", SizeRule.longEdge(513).withMultiple(16, 1))
            .scale(1 / 127.5)
            .mean(1, 1, 1)
            .build();
    OutputSpec output =
        OutputSpec.logits("scores", 16).withAlignment(GridAlignment.ALIGNED_CORNERS);
    return ModelCard.builder("deeplabv3-mobilenetv2-voc", input, output, LabelMap.voc())
        .file(ModelFormat.ONNX, folder.resolve("deeplabv3-mobilenetv2-voc.onnx"))
        .file(ModelFormat.TORCHSCRIPT, folder.resolve("deeplabv3-mobilenetv2-voc.pt"))
        .build();
  }

  private static Segmenter segmenter(ModelCard model, String backend) {
    return OPEN.computeIfAbsent(
        model.name() + " " + backend,
        key -> Segmenter.builder().model(model).backend(backend).batchSize(4).open());
  }

  @AfterAll
  static void close() {
    OPEN.values().forEach(Segmenter::close);
    OPEN.clear();
    TABLE.forEach(
        (key, found) ->
            System.out.printf(
                Locale.ROOT,
                "parity | %s | %d of %d pixels | %.1e of the scores' range%n",
                key,
                found.different,
                found.pixels,
                found.scores));
    TABLE.clear();
  }

  /** The photos next to the project or, if there are none, those in it. */
  static List<Path> photos() throws IOException {
    Path folder = SHARED.resolve("photos");
    try (Stream<Path> files =
        Files.walk(Files.isDirectory(folder) ? folder : Path.of("../examples/photos"))) {
      return files.filter(file -> file.toString().matches(".*\\.(png|jpg)")).sorted().toList();
    }
  }

  @Test
  void findsAllThreeEngines() {
    assertThat(backends()).containsExactly("onnx", "djl", "opencv-dnn");
  }

  @ParameterizedTest
  @MethodSource("photos")
  void agreesOnTheEmbeddedModel(Path photo) throws IOException {
    requireParity(Catalog.load().model(Segmenter.DEFAULT_MODEL), photo);
  }

  @ParameterizedTest
  @MethodSource("photos")
  void agreesOnAPublishedNetwork(Path photo) throws IOException {
    requireParity(published(), photo);
  }

  private static void requireParity(ModelCard model, Path photo) throws IOException {
    RgbImage image = Images.read(photo);
    List<RgbImage> sizes =
        List.of(
            image,
            scaled(image, image.width() / 2, image.height() / 2),
            scaled(image, 333, 777),
            scaled(image, 1920, 1280));
    for (RgbImage size : sizes) {
      requireAgreement(model, List.of(size));
    }
  }

  @Test
  void agreesOnBatchesOfFour() throws IOException {
    List<RgbImage> four = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      four.add(scaled(Images.read(photos().get(i % photos().size())), 300 + i, 200));
    }

    requireAgreement(Catalog.load().model(Segmenter.DEFAULT_MODEL), four);
    requireAgreement(published(), four);
  }

  private static void requireAgreement(ModelCard model, List<RgbImage> images) {
    List<String> backends = backends();
    List<List<SegmentationResult>> results =
        backends.stream()
            .map(backend -> segmenter(model, backend).segmentAll(images, WITH_SCORES))
            .toList();
    for (int a = 0; a < backends.size(); a++) {
      for (int b = a + 1; b < backends.size(); b++) {
        String pair = model.name() + " | " + backends.get(a) + ", " + backends.get(b);
        for (int i = 0; i < images.size(); i++) {
          requireAgreement(pair, results.get(a).get(i), results.get(b).get(i));
        }
      }
    }
  }

  private static void requireAgreement(String pair, SegmentationResult a, SegmentationResult b) {
    Agreement found = TABLE.computeIfAbsent(pair, key -> new Agreement());
    ScoreMap scores = a.scores().orElseThrow();
    double difference = difference(scores, b.scores().orElseThrow());
    assertThat(difference).as("scores of %s", pair).isLessThanOrEqualTo(SCORES);
    found.scores = Math.max(found.scores, difference);
    CategoryMask mask = a.mask();
    long different = 0;
    for (int y = 0; y < mask.height(); y++) {
      for (int x = 0; x < mask.width(); x++) {
        int one = mask.category(x, y);
        int other = b.mask().category(x, y);
        if (one != other) {
          different++;
          assertThat(score(scores, one, x, y) - score(scores, other, x, y))
              .as("margin of %s at %d, %d", pair, x, y)
              .isBetween(-MARGIN, MARGIN);
        }
      }
    }
    long pixels = (long) mask.width() * mask.height();
    assertThat((double) different / pixels).as(pair).isLessThanOrEqualTo(DIFFERENT);
    found.pixels += pixels;
    found.different += different;
  }

  /** The greatest difference of two networks' scores, as a share of their range. */
  private static double difference(ScoreMap a, ScoreMap b) {
    float low = Float.MAX_VALUE;
    float high = -Float.MAX_VALUE;
    float difference = 0;
    for (int category = 0; category < a.channels(); category++) {
      for (int y = 0; y < a.height(); y++) {
        for (int x = 0; x < a.width(); x++) {
          float score = a.score(category, x, y);
          low = Math.min(low, score);
          high = Math.max(high, score);
          difference = Math.max(difference, Math.abs(score - b.score(category, x, y)));
        }
      }
    }
    return difference / (high - low);
  }

  /** A class's exact score at a pixel, in double precision. */
  private static double score(ScoreMap scores, int category, int x, int y) {
    ImageGeometry geometry = scores.geometry();
    GridAlignment alignment = scores.spec().alignment();
    double column =
        node(x, geometry.sourceWidth(), geometry.inputWidth(), scores.width(), alignment);
    double row =
        node(y, geometry.sourceHeight(), geometry.inputHeight(), scores.height(), alignment);
    int left = (int) column;
    int top = (int) row;
    int right = Math.min(left + 1, scores.width() - 1);
    int bottom = Math.min(top + 1, scores.height() - 1);
    double above =
        scores.score(category, left, top) * (1 - column + left)
            + scores.score(category, right, top) * (column - left);
    double below =
        scores.score(category, left, bottom) * (1 - column + left)
            + scores.score(category, right, bottom) * (column - left);
    return above * (1 - row + top) + below * (row - top);
  }

  private static double node(int pixel, int source, int input, int grid, GridAlignment alignment) {
    double inInput = (pixel + 0.5) * input / source - 0.5;
    double inGrid =
        alignment == GridAlignment.HALF_PIXEL
            ? (inInput + 0.5) * grid / input - 0.5
            : inInput * (grid - 1) / (input - 1);
    return Math.max(0, Math.min(grid - 1, inGrid));
  }

  private static RgbImage scaled(RgbImage image, int width, int height) {
    BufferedImage scaled = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        scaled.setRGB(x, y, image.rgb(x * image.width() / width, y * image.height() / height));
      }
    }
    return Images.from(scaled);
  }
}
