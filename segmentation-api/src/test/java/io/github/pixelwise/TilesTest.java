package io.github.pixelwise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pixelwise.SegmentationOptions.OutputSize;
import io.github.pixelwise.fakes.GoodBackend;
import io.github.pixelwise.model.FloatTensor;
import io.github.pixelwise.model.ImageGeometry;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.Interpolation;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelFormat;
import io.github.pixelwise.model.ModelInput;
import io.github.pixelwise.model.OutputKind;
import io.github.pixelwise.model.OutputSpec;
import io.github.pixelwise.model.SizeRule;
import io.github.pixelwise.model.TensorLayout;
import io.github.pixelwise.tile.ImageRows;
import io.github.pixelwise.tile.MaskRows;
import io.github.pixelwise.tile.Tiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pictures that the network sees in tiles. */
class TilesTest {
  private static final SegmentationOptions PLAIN = SegmentationOptions.MASK_ONLY;
  private static final OutputSpec OUTPUT = OutputSpec.logits("out", 1);

  @TempDir private Path folder;
  private PluginJars jars;

  @BeforeEach
  void start() throws IOException {
    jars = new PluginJars(folder).addBackend(GoodBackend.class);
    Files.createFile(folder.resolve("colors.onnx"));
  }

  @AfterEach
  void reset() {
    FakeEngine.reset();
  }

  private ModelCard card(InputSpec input, OutputSpec output, int classes) {
    return ModelCard.builder(
            "colors",
            input,
            output,
            LabelMap.of(List.of("red", "green", "blue").subList(0, classes)))
        .file(ModelFormat.ONNX, folder.resolve("colors.onnx"))
        .build();
  }

  /** A model that takes pictures as they are: its input are the samples, 0 to 255. */
  private SegmenterBuilder builder(OutputSpec output, int classes) throws IOException {
    InputSpec input = InputSpec.builder("in", SizeRule.fixed(64, 64)).build();
    return Segmenter.builder()
        .model(card(input, output, classes))
        .preprocessor(TilesTest::unchanged)
        .classLoader(jars.loader());
  }

  private static ModelInput unchanged(RgbImage image) {
    int pixels = image.width() * image.height();
    float[] samples = new float[3 * pixels];
    byte[] rgb = new byte[3 * pixels];
    for (int y = 0; y < image.height(); y++) {
      image.copyRow(y, rgb, y * 3 * image.width());
    }
    for (int i = 0; i < samples.length; i++) {
      samples[i % 3 * pixels + i / 3] = rgb[i] & 0xff;
    }
    return new ModelInput(
        FloatTensor.of(samples, 1, 3, image.height(), image.width()),
        ImageGeometry.stretched(image.width(), image.height(), image.width(), image.height()));
  }

  /**
   * A network whose scores are weighted sums of samples up to {@code radius} pixels from the middle
   * of a node, with zeros around the input. They are whole numbers, so float arithmetic is exact.
   */
  private static UnaryOperator<FloatTensor> sums(int stride, int radius) {
    int step = Math.max(1, radius / 5);
    return input -> {
      int height = input.side(2);
      int width = input.side(3);
      int rows = (height + stride - 1) / stride;
      int columns = (width + stride - 1) / stride;
      float[] samples = input.toFloatArray();
      float[] sums = new float[3 * rows * columns];
      for (int i = 0; i < sums.length; i++) {
        int middleX = i % columns * stride + stride / 2;
        int middleY = i / columns % rows * stride + stride / 2;
        int plane = i / columns / rows * width * height;
        int sum = 0;
        for (int v = -radius; v < radius; v += step) {
          int y = middleY + v;
          for (int u = -radius; u < radius && y >= 0 && y < height; u += step) {
            int x = middleX + u;
            if (x >= 0 && x < width) {
              int weight = 1 + (u / step & 1) + (v / step & 2);
              sum += weight * (int) samples[plane + y * width + x];
            }
          }
        }
        sums[i] = sum;
      }
      return FloatTensor.of(sums, 1, 3, rows, columns);
    };
  }

  @ParameterizedTest
  @CsvSource({
    "1, 8, 64, 32, 160, 128", "1, 8, 64, 32, 97, 131", "2, 7, 64, 32, 192, 128",
    "4, 13, 128, 64, 320, 192", "8, 12, 128, 64, 192, 320", "8, 12, 128, 64, 128, 512"
  })
  void areTheWholeMaskIfTheOverlapIsLargeEnough(
      int stride, int radius, int size, int overlap, int width, int height) throws IOException {
    FakeEngine.network = sums(stride, radius);
    RgbImage image = Noise.of(width, height, 1);
    try (Segmenter segmenter = builder(OUTPUT.withStride(stride), 3).open()) {
      CategoryMask whole = segmenter.segment(image).mask();

      assertThat(segmenter.segment(image, PLAIN.withTiles(size, overlap)).mask()).isEqualTo(whole);
      // Without an overlap, the network sees zeros instead of what is beside a tile.
      assertThat(segmenter.segment(image, PLAIN.withTiles(size, 0)).mask()).isNotEqualTo(whole);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "16, 0, 1, 1",
    "16, 8, 15, 100",
    "16, 8, 17, 16",
    "16, 1, 33, 47",
    "17, 7, 90, 18",
    "20, 3, 101, 77",
    "64, 32, 65, 65",
    "500, 250, 40, 30"
  })
  void coverPicturesOfAnySize(int size, int overlap, int width, int height) throws IOException {
    RgbImage image = Noise.of(width, height, 2);
    try (Segmenter segmenter = builder(OUTPUT, 3).open()) {
      SegmentationOptions options = PLAIN.withConfidence();
      SegmentationResult whole = segmenter.segment(image, options);

      SegmentationResult tiled = segmenter.segment(image, options.withTiles(size, overlap));

      assertThat(tiled.mask()).isEqualTo(whole.mask());
      assertThat(tiled.confidence()).isEqualTo(whole.confidence());
    }
  }

  @Test
  void endIfTheThreadIsInterrupted() throws IOException {
    RgbImage image = Noise.of(70, 50, 2);
    try (Segmenter segmenter = builder(OUTPUT, 3).open()) {
      Thread.currentThread().interrupt();

      assertThatThrownBy(() -> segmenter.segment(image, PLAIN.withTiles(16, 8)))
          .isInstanceOf(CancellationException.class)
          .hasMessage("interrupted between two tiles");
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = OutputKind.class,
      names = {"PROBABILITIES", "SIGMOID", "BINARY_LOGITS", "CATEGORIES"})
  void suitEveryKindOfOutput(OutputKind kind) throws IOException {
    boolean binary = kind.isBinary();
    FakeEngine.network =
        input -> {
          int pixels = input.side(2) * input.side(3);
          float[] scores = new float[kind == OutputKind.PROBABILITIES ? 3 * pixels : pixels];
          for (int i = 0; i < scores.length; i++) {
            float sample = input.buffer().get(i);
            int channel = i / pixels;
            scores[i] =
                switch (kind) {
                  case BINARY_LOGITS -> sample / 64 - 2;
                  case CATEGORIES -> (int) sample % 3;
                  default -> (3 * sample + channel) / 800; // no ties
                };
          }
          return FloatTensor.of(scores, 1, scores.length / pixels, input.side(2), input.side(3));
        };
    RgbImage image = Noise.of(70, 50, 3);
    try (Segmenter segmenter = builder(OUTPUT.withKind(kind), binary ? 2 : 3).open()) {
      CategoryMask whole = segmenter.segment(image).mask();

      assertThat(segmenter.segment(image, PLAIN.withTiles(16, 8)).mask()).isEqualTo(whole);
    }
  }

  @Test
  void keepToThresholdsAndOtherClasses() throws IOException {
    RgbImage image = Noise.of(70, 50, 4);
    SegmentationOptions options =
        PLAIN
            .withThresholds(Thresholds.ofAll(0.9))
            .withRelabeling(
                Relabeling.of(
                    LabelMap.of(List.of("red", "green", "blue")),
                    Map.of("red", "warm", "green", "cold", "blue", "cold")));
    try (Segmenter segmenter = builder(OUTPUT, 3).batchSize(3).open()) {
      SegmentationResult tiled = segmenter.segment(image, options.withTiles(32, 8));

      assertThat(tiled.mask()).isEqualTo(segmenter.segment(image, options).mask());
      assertThat(tiled.labels().names()).containsExactly("warm", "cold");
    }
  }

  /** Scores that differ from tile to tile pass into each other by half a Hann window. */
  @Test
  void passIntoEachOtherWithoutSteps() throws IOException {
    AtomicInteger calls = new AtomicInteger();
    FakeEngine.network =
        input -> {
          float[] scores = new float[input.side(2) * input.side(3)];
          Arrays.fill(scores, calls.getAndIncrement() % 2 == 0 ? 0.2f : 0.9f);
          return FloatTensor.of(scores, 1, 1, input.side(2), input.side(3));
        };
    try (Segmenter segmenter = builder(OUTPUT.withKind(OutputKind.SIGMOID), 2).open()) {
      calls.set(0);
      SegmentationResult result =
          segmenter.segment(Noise.of(160, 64, 5), PLAIN.withConfidence().withTiles(64, 32));

      ConfidenceMap confidence = result.confidence().orElseThrow();
      // The first two tiles share 32 to 64; 40 to 56 is where one passes into the other.
      for (int x = 0; x < 72; x++) {
        double way = Math.max(0, Math.min(1, (x + 0.5 - 40) / 16));
        double expected = 0.2 + 0.7 * (0.5 - 0.5 * Math.cos(Math.PI * way));
        float own = confidence.confidence(x, 30);
        float found = result.mask().category(x, 30) == 1 ? own : 1 - own;
        assertThat(found).isCloseTo((float) expected, within(0.003f));
      }
    }
  }

  private static org.assertj.core.data.Offset<Float> within(float offset) {
    return org.assertj.core.data.Offset.offset(offset);
  }

  @Test
  void goThroughThePlanOneByOne() throws IOException {
    RgbImage image = Noise.of(70, 50, 6);
    try (Segmenter segmenter =
        builder(OUTPUT, 3)
            .plan(preprocessor -> InputPlan.mirrored(preprocessor, TensorLayout.NCHW))
            .open()) {
      assertThat(segmenter.segment(image, PLAIN.withTiles(32, 8)).mask())
          .isEqualTo(segmenter.segment(image).mask());
    }
  }

  /** A mask that is put together from bands, and a source that counts the rows it read. */
  private static final class Collected implements MaskRows {
    final List<Integer> begins = new ArrayList<>();
    final int[] categories;
    final int width;
    int end;

    Collected(int width, int height) {
      this.width = width;
      categories = new int[width * height];
    }

    @Override
    public void take(int y, CategoryMask band) {
      begins.add(y);
      for (int i = 0; i < band.height(); i++) {
        band.copyRow(i, categories, (y + i) * width);
      }
      end = y + band.height();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 23, 24, 25, 39, 40, 41, 47, 48, 56, 99, 100, 130})
  void continueFromAnyRow(int firstRow) throws IOException {
    FakeEngine.network = sums(1, 20); // more than tiles overlap
    RgbImage image = Noise.of(90, 131, 7);
    SegmentationOptions options = PLAIN.withTiles(64, 32);
    try (Segmenter segmenter = builder(OUTPUT, 3).open()) {
      int[] whole = segmenter.segment(image, options).mask().toIntArray();
      Collected rest = new Collected(90, 131);

      segmenter.segment(ImageRows.of(image), options, firstRow, rest);

      Arrays.fill(whole, 0, firstRow * 90, 0);
      assertThat(rest.categories).isEqualTo(whole);
      assertThat(rest.begins).startsWith(firstRow).isSorted();
      assertThat(rest.end).isEqualTo(131);
    }
  }

  @Test
  void deliverWhatIsDecidedBeforeAPictureEnds() throws IOException {
    RgbImage image = Noise.of(40, 200, 8);
    ImageRows rows = ImageRows.of(image);
    ImageRows broken =
        new ImageRows() {
          private int read;

          @Override
          public int width() {
            return rows.width();
          }

          @Override
          public int height() {
            return rows.height();
          }

          @Override
          public void read(byte[] rgb, int offset, int count) throws IOException {
            read += count;
            if (read > 100) {
              throw new IOException("the file ends in row 100");
            }
            rows.read(rgb, offset, count);
          }

          @Override
          public void skip(int count) throws IOException {
            rows.skip(count);
          }
        };
    Collected target = new Collected(40, 200);
    try (Segmenter segmenter = builder(OUTPUT, 3).open()) {
      assertThatThrownBy(() -> segmenter.segment(broken, PLAIN.withTiles(32, 8), 0, target))
          .isInstanceOf(IOException.class)
          .hasMessage("the file ends in row 100");

      int[] whole = segmenter.segment(image).mask().toIntArray();
      assertThat(target.end).isGreaterThan(60);
      assertThat(Arrays.copyOf(target.categories, target.end * 40))
          .isEqualTo(Arrays.copyOf(whole, target.end * 40));
    }
  }

  @Test
  void stopIfTheMaskCannotBeKept() throws IOException {
    try (Segmenter segmenter = builder(OUTPUT, 3).open()) {
      MaskRows full =
          (y, band) -> {
            throw new IOException("no space left in row " + y);
          };
      ImageRows rows = ImageRows.of(Noise.of(40, 200, 9));

      assertThatThrownBy(() -> segmenter.segment(rows, PLAIN.withTiles(32, 8), 0, full))
          .isInstanceOf(IOException.class)
          .hasMessage("no space left in row 0");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "15; 0; tiles must be at least 16 pixels wide, found 15",
        "64; -1; tiles of 64 pixels can overlap by 0 to 32 pixels, found -1",
        "64; 33; tiles of 64 pixels can overlap by 0 to 32 pixels, found 33",
        "64; 100; tiles of 64 pixels can overlap by 0 to 32 pixels, found 100"
      })
  void haveASensibleSize(int size, int overlap, String message) {
    assertThatThrownBy(() -> new Tiles(size, overlap))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  private static void refuses(Segmenter segmenter, SegmentationOptions options, String message) {
    assertThatThrownBy(() -> segmenter.segment(Noise.of(40, 40, 1), options))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void refuseWhatTheyCannotProvide() throws IOException {
    SegmentationOptions tiles = PLAIN.withTiles(32, 8);
    ImageRows rows = ImageRows.of(Noise.of(40, 40, 1));
    try (Segmenter segmenter = builder(OUTPUT, 3).open()) {
      refuses(
          segmenter,
          tiles.withScores(),
          "the scores of tiles are not kept; leave out withScores(), or segment without tiles");
      refuses(
          segmenter,
          tiles.withSharpening(),
          "sharpening needs the scores of the whole picture, which tiles do not keep; leave out"
              + " sharpening, or tiles");
      refuses(
          segmenter,
          tiles.withOutputSize(OutputSize.MODEL),
          "a mask that is made of tiles has the size of the source, found MODEL");
      assertThatThrownBy(() -> segmenter.segment(rows, PLAIN, 0, (y, band) -> {}))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "a picture is segmented row by row only in tiles; add withTiles(...) to the options");
      assertThatThrownBy(() -> segmenter.segment(rows, tiles.withConfidence(), 0, (y, band) -> {}))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "a mask that is made row by row comes without confidence; leave out"
                  + " withConfidence()");
      assertThatThrownBy(() -> segmenter.segment(rows, tiles, 40, (y, band) -> {}))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("a picture of 40 rows has no row 40 to begin with");
    }
  }

  @Test
  void refuseModelsThatNeedTheWholePicture() throws IOException {
    OutputSpec saliency = OUTPUT.withKind(OutputKind.SIGMOID);
    FakeEngine.network =
        input ->
            FloatTensor.of(
                new float[input.side(2) * input.side(3)], 1, 1, input.side(2), input.side(3));
    for (OutputSpec output :
        List.of(saliency.withMinMax(true), saliency.withInterpolation(Interpolation.LANCZOS))) {
      try (Segmenter segmenter = builder(output, 2).open()) {
        refuses(
            segmenter,
            PLAIN.withTiles(64, 8),
            "model colors rates each pixel against the rest of its picture, so its tiles would not"
                + " fit together; segment the picture without tiles, or choose another model");
      }
    }
    FakeEngine.reset();
    InputSpec cropped = InputSpec.builder("in", SizeRule.shortEdge(40)).crop(32, 32).build();
    try (Segmenter segmenter =
        Segmenter.builder().model(card(cropped, OUTPUT, 3)).classLoader(jars.loader()).open()) {
      assertThatThrownBy(() -> segmenter.segment(Noise.of(90, 90, 1), PLAIN.withTiles(64, 8)))
          .isInstanceOf(InferenceException.class)
          .hasMessageEndingWith(
              "the model sees only a part of each picture, because its card crops them, so tiles"
                  + " would leave gaps; choose a model that resizes pictures, or leave out tiles");
    }
  }
}
