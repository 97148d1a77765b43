package io.github.pixelwise.internal.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.pixelwise.AlphaMask;
import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.LabelMap;
import io.github.pixelwise.Parallelism;
import io.github.pixelwise.ScoreMap;
import io.github.pixelwise.SegmentationOptions;
import io.github.pixelwise.model.FloatTensor;
import io.github.pixelwise.model.GridAlignment;
import io.github.pixelwise.model.ImageGeometry;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.OutputKind;
import io.github.pixelwise.model.OutputSpec;
import io.github.pixelwise.model.ResizeMode;
import io.github.pixelwise.model.SizeRule;
import io.github.pixelwise.model.TensorLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class DecoderTest {
  /** Margins below this may fall either way, since sums are rounded in another order. */
  private static final double ROUNDING = 1e-5;

  @ParameterizedTest(name = "{0} classes, grid {1} x {2}, source {3} x {4}, {5}")
  @CsvSource({
    "21, 12, 9, 96, 72, HALF_PIXEL",
    "21, 12, 9, 97, 71, ALIGNED_CORNERS",
    "3, 7, 5, 301, 203, HALF_PIXEL",
    "150, 16, 16, 200, 150, HALF_PIXEL",
    "300, 4, 4, 33, 21, HALF_PIXEL",
    "21, 1, 1, 17, 13, HALF_PIXEL",
    "21, 1, 1, 17, 13, ALIGNED_CORNERS",
    "21, 1, 9, 50, 80, HALF_PIXEL",
    "21, 64, 48, 20, 15, HALF_PIXEL",
    "21, 32, 1, 1000, 1, HALF_PIXEL",
    "1, 4, 4, 16, 16, HALF_PIXEL",
    "2, 4, 4, 1, 1, ALIGNED_CORNERS"
  })
  void findsTheHighestInterpolatedScoreOfEveryPixel(
      int classes, int gridWidth, int gridHeight, int width, int height, GridAlignment alignment) {
    int stride = 8;
    ImageGeometry geometry =
        ImageGeometry.stretched(width, height, gridWidth * stride, gridHeight * stride);
    OutputSpec spec = spec(OutputKind.LOGITS, stride, alignment);
    // Few distinct values make for ties and close cells.
    float[] values = random(classes * gridHeight * gridWidth, 5);
    ScoreMap scores = ScoreMap.of(spec, geometry, classes, gridWidth, gridHeight, values);

    Decoder.Decoded decoded =
        Decoder.decode(scores, likeliest(classes), true, Parallelism.common());

    CategoryMask mask = decoded.mask();
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double[] expected = interpolate(scores, x, y);
        int category = mask.category(x, y);
        double best = IntStream.range(0, classes).mapToDouble(c -> expected[c]).max().orElseThrow();
        assertThat(expected[category]).as("pixel %d, %d", x, y).isCloseTo(best, within(ROUNDING));
        double sum = 0;
        for (double score : expected) {
          sum += Math.exp(score - expected[category]);
        }
        assertThat((double) decoded.confidence().orElseThrow().confidence(x, y))
            .isCloseTo(1 / sum, within(0.6 / 255));
      }
    }
  }

  @Test
  void theLowerClassWinsATie() {
    ScoreMap scores =
        ScoreMap.of(
            spec(OutputKind.LOGITS, 4, GridAlignment.HALF_PIXEL),
            ImageGeometry.stretched(8, 8, 8, 8),
            3,
            2,
            2,
            new float[] {0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1});

    CategoryMask mask = Decoder.decode(scores, likeliest(3), false, Parallelism.common()).mask();

    assertThat(mask).isEqualTo(CategoryMask.copyOf(8, 8, filled(64, 1)));
  }

  @Test
  void aThirdClassMayWinBetweenTwoOthers() {
    // Classes 0 and 2 win at the nodes; class 1 is second at both and wins in the middle.
    ScoreMap scores =
        ScoreMap.of(
            spec(OutputKind.LOGITS, 10, GridAlignment.HALF_PIXEL),
            ImageGeometry.stretched(20, 1, 20, 10),
            3,
            2,
            1,
            new float[] {10, 0, 7, 7, 0, 10});

    CategoryMask mask = Decoder.decode(scores, likeliest(3), false, Parallelism.common()).mask();

    assertThat(IntStream.range(0, 20).map(x -> mask.category(x, 0)).distinct())
        .containsExactly(0, 1, 2);
  }

  @Test
  void moreThan256ClassesKeepTheirNumbers() {
    float[] values = new float[1000];
    values[777] = 1;
    ScoreMap scores =
        ScoreMap.of(
            spec(OutputKind.LOGITS, 4, GridAlignment.HALF_PIXEL),
            ImageGeometry.stretched(3, 2, 4, 4),
            1000,
            1,
            1,
            values);

    assertThat(Decoder.decode(scores, likeliest(1000), false, Parallelism.common()).mask())
        .isEqualTo(CategoryMask.copyOf(3, 2, filled(6, 777)));
  }

  @Test
  void paddingIsCutOff() {
    // A 4 x 2 image letterboxed into 8 x 8: its content is the middle 8 x 4.
    InputSpec input =
        InputSpec.builder("in", SizeRule.fixed(8, 8)).resize(ResizeMode.LETTERBOX).build();
    ImageGeometry geometry = input.geometry(4, 2);
    float[] rows = new float[64];
    for (int i = 0; i < 64; i++) {
      rows[i] = Math.floorDiv(i, 8);
    }
    ScoreMap scores =
        ScoreMap.of(
            OutputSpec.logits("out", 1).withKind(OutputKind.CATEGORIES), geometry, 1, 8, 8, rows);

    CategoryMask mask = Decoder.decode(scores, likeliest(8), false, Parallelism.common()).mask();

    // Source rows 0 and 1 have their centres on input rows 2.5 and 4.5; the nearest above half.
    assertThat(mask).isEqualTo(CategoryMask.copyOf(4, 2, new int[] {3, 3, 3, 3, 5, 5, 5, 5}));
  }

  @Test
  void pixelsOutsideACropAreVoid() {
    // The middle half of a 4 x 1 image is the whole input.
    ImageGeometry geometry = ImageGeometry.stretched(4, 1, 2, 1).withContent(-1, 0, 4, 1);
    ScoreMap scores =
        ScoreMap.of(
            spec(OutputKind.LOGITS, 1, GridAlignment.HALF_PIXEL),
            geometry,
            2,
            2,
            1,
            new float[] {0, 1, 1, 0});

    Decoder.Decoded decoded = Decoder.decode(scores, likeliest(2), true, Parallelism.common());

    assertThat(decoded.mask()).isEqualTo(CategoryMask.copyOf(4, 1, new int[] {255, 1, 0, 255}));
    assertThat(decoded.confidence().orElseThrow().confidence(0, 0)).isZero();
  }

  @Test
  void probabilitiesAreTheConfidenceThemselves() {
    ScoreMap scores =
        ScoreMap.of(
            spec(OutputKind.PROBABILITIES, 2, GridAlignment.HALF_PIXEL),
            ImageGeometry.stretched(2, 1, 2, 1),
            2,
            1,
            1,
            new float[] {0.2f, 0.8f});

    Decoder.Decoded decoded = Decoder.decode(scores, likeliest(2), true, Parallelism.common());

    assertThat(decoded.mask().category(1, 0)).isEqualTo(1);
    assertThat(decoded.confidence().orElseThrow().confidence(1, 0)).isEqualTo(0.8f);
  }

  @Test
  void aSigmoidDecidesByItsThreshold() {
    OutputSpec spec = OutputSpec.logits("out", 1).withKind(OutputKind.SIGMOID).withThreshold(0.7);
    ScoreMap scores =
        ScoreMap.of(
            spec, ImageGeometry.stretched(3, 1, 3, 1), 1, 3, 1, new float[] {0.69f, 0.7f, 1});

    Decoder.Decoded decoded = Decoder.decode(scores, likeliest(2), true, Parallelism.common());

    assertThat(decoded.mask()).isEqualTo(CategoryMask.copyOf(3, 1, new int[] {0, 1, 1}));
    assertThat(decoded.confidence().orElseThrow().confidence(0, 0))
        .isCloseTo(0.31f, within(0.002f));
  }

  static List<String> binary() throws IOException {
    return Files.readAllLines(
            Path.of("src/test/resources/io/github/pixelwise/internal/decode/binary-golden.txt"))
        .stream()
        .filter(line -> !line.startsWith("#"))
        .toList();
  }

  private static float[] numbers(String list) {
    double[] numbers = Stream.of(list.split(",", -1)).mapToDouble(Double::parseDouble).toArray();
    float[] floats = new float[numbers.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) numbers[i];
    }
    return floats;
  }

  @ParameterizedTest
  @MethodSource("binary")
  void oneChannelOfLogitsIsInterpolatedAndThenItsSigmoidDecidesAsInPyTorch(String line) {
    String[] fields = line.split(" ", -1);
    int[] sides = Stream.of(fields).skip(1).limit(4).mapToInt(Integer::parseInt).toArray();
    int width = sides[0];
    OutputSpec spec =
        OutputSpec.logits("out", 1)
            .withKind(OutputKind.BINARY_LOGITS)
            .withAlignment(
                fields[0].equals("half-pixel")
                    ? GridAlignment.HALF_PIXEL
                    : GridAlignment.ALIGNED_CORNERS)
            .withThreshold(Double.parseDouble(fields[5]));
    ScoreMap scores =
        ScoreMap.of(
            spec,
            ImageGeometry.stretched(width, sides[1], width, sides[1]),
            1,
            sides[2],
            sides[3],
            numbers(fields[6]));
    float[] probabilities = numbers(fields[7]);

    Decoder.Decoded decoded = Decoder.decode(scores, likeliest(2), true, Parallelism.common());
    CategoryMask mask = Decoder.decode(scores, likeliest(2), false, Parallelism.common()).mask();
    BitSet thing = new BitSet();
    thing.set(1);
    AlphaMask alpha = ProbabilityRows.decode(scores, thing);

    assertThat(decoded.mask()).isEqualTo(mask);
    for (int i = 0; i < probabilities.length; i++) {
      int x = i % width;
      int y = i / width;
      boolean isThing = probabilities[i] >= spec.threshold();
      assertThat(mask.category(x, y)).isEqualTo(isThing ? 1 : 0);
      assertThat((double) decoded.confidence().orElseThrow().confidence(x, y))
          .isCloseTo(isThing ? probabilities[i] : 1 - probabilities[i], within(0.51 / 255));
      assertThat(alpha.alpha(x, y) / 255.0).isCloseTo(probabilities[i], within(0.51 / 255));
    }
  }

  @Test
  void categoriesMustBeOfTheLabelMap() {
    for (float wrong : new float[] {-1, 2, 0.5f, 1e9f}) {
      // Wrong at the very end, in rows that another thread works on.
      float[] values = new float[64 * 64];
      values[values.length - 1] = wrong;
      ScoreMap scores =
          ScoreMap.of(
              spec(OutputKind.CATEGORIES, 1, GridAlignment.HALF_PIXEL),
              ImageGeometry.stretched(64, 64, 64, 64),
              1,
              64,
              64,
              values);

      assertThatThrownBy(() -> Decoder.decode(scores, likeliest(2), false, Parallelism.common()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("output \"out\" should hold categories of 0..1 or 255, found " + wrong);
    }
  }

  @Test
  void scoresAreTakenOutOfEitherLayoutAndAnyPlaceInABatch() {
    ImageGeometry geometry = ImageGeometry.stretched(6, 4, 6, 4);
    float[] planar = random(3 * 4 * 6, 100);
    float[] interleaved = new float[planar.length];
    for (int i = 0; i < 24; i++) {
      for (int c = 0; c < 3; c++) {
        interleaved[i * 3 + c] = planar[c * 24 + i];
      }
    }
    float[] batch = new float[planar.length * 2];
    System.arraycopy(planar, 0, batch, planar.length, planar.length);
    OutputSpec nchw = OutputSpec.logits("out", 1);
    OutputSpec nhwc = OutputSpec.logits("out", 1).withLayout(TensorLayout.NHWC);

    ScoreMap first = Scores.of(FloatTensor.of(planar, 1, 3, 4, 6), 0, 3, nchw, geometry);
    ScoreMap second = Scores.of(FloatTensor.of(batch, 2, 3, 4, 6), 1, 3, nchw, geometry);
    ScoreMap third = Scores.of(FloatTensor.of(interleaved, 1, 4, 6, 3), 0, 3, nhwc, geometry);

    assertThat(second).isEqualTo(first);
    assertThat(first.score(2, 5, 3)).isEqualTo(planar[71]);
    assertThat(third.score(2, 5, 3)).isEqualTo(planar[71]);
  }

  @Test
  void anOutputOfAnotherShapeIsRefused() {
    FloatTensor output = FloatTensor.of(new float[2 * 3 * 3], 1, 2, 3, 3);

    assertThatThrownBy(
            () ->
                Scores.of(
                    output,
                    0,
                    21,
                    OutputSpec.logits("scores", 4),
                    ImageGeometry.stretched(64, 48, 64, 48)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "output \"scores\" should be NCHW [1 x 21 x 12 x 16] for an input of 64 x 48, found"
                + " [1 x 2 x 3 x 3]. Correct the labels or the output's kind (labels or output.kind on a card).");
  }

  private static OutputSpec spec(OutputKind kind, int stride, GridAlignment alignment) {
    return OutputSpec.logits("out", stride).withKind(kind).withAlignment(alignment);
  }

  private static Decision likeliest(int classes) {
    return Decision.of(
        LabelMap.of(IntStream.range(0, classes).mapToObj(i -> "class " + i).toList()),
        SegmentationOptions.MASK_ONLY);
  }

  private static int[] filled(int length, int value) {
    return IntStream.generate(() -> value).limit(length).toArray();
  }

  private static float[] random(int length, int distinct) {
    Random random = new Random(42);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = random.nextInt(distinct) - distinct / 2;
    }
    return values;
  }

  /** The definition, in double precision and without any shortcut. */
  private static double[] interpolate(ScoreMap scores, int x, int y) {
    ImageGeometry g = scores.geometry();
    GridAlignment alignment = scores.spec().alignment();
    double gridX = grid(x, g.sourceWidth(), g.inputWidth(), scores.width(), alignment);
    double gridY = grid(y, g.sourceHeight(), g.inputHeight(), scores.height(), alignment);
    int x0 = (int) gridX;
    int y0 = (int) gridY;
    int x1 = Math.min(x0 + 1, scores.width() - 1);
    int y1 = Math.min(y0 + 1, scores.height() - 1);
    double tx = gridX - x0;
    double ty = gridY - y0;
    double[] result = new double[scores.channels()];
    for (int c = 0; c < result.length; c++) {
      result[c] =
          (1 - ty) * ((1 - tx) * scores.score(c, x0, y0) + tx * scores.score(c, x1, y0))
              + ty * ((1 - tx) * scores.score(c, x0, y1) + tx * scores.score(c, x1, y1));
    }
    return result;
  }

  private static double grid(int pixel, int source, int input, int grid, GridAlignment alignment) {
    double inInput = (pixel + 0.5) * input / source - 0.5;
    double inGrid =
        alignment == GridAlignment.HALF_PIXEL
            ? (inInput + 0.5) * grid / input - 0.5
            : inInput * (grid - 1) / (input - 1);
    return Math.max(0, Math.min(grid - 1, inGrid));
  }
}
