package io.github.pixelwise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.pixelwise.fakes.GoodBackend;
import io.github.pixelwise.model.FloatTensor;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelFormat;
import io.github.pixelwise.model.ModelInput;
import io.github.pixelwise.model.OutputKind;
import io.github.pixelwise.model.OutputSpec;
import io.github.pixelwise.model.ResizeMode;
import io.github.pixelwise.model.SizeRule;
import io.github.pixelwise.model.TensorLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@link SegmenterBuilder#augmentation} does to the network's inputs and scores. */
class AugmentationTest {
  private static final SizeRule LONG_EDGE = SizeRule.longEdge(40).withMultiple(4, 0);
  private static final RgbImage IMAGE = Noise.of(80, 60, 1);

  private static final TestTimeAugmentation SIZES = TestTimeAugmentation.of(0.5, 1, 2);

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

  private SegmenterBuilder builder(InputSpec.Builder input, OutputKind kind) throws IOException {
    return Segmenter.builder()
        .model(
            ModelCard.builder(
                    "colors",
                    input.build(),
                    OutputSpec.logits("out", 1).withKind(kind),
                    LabelMap.of(List.of("red", "green", "blue")))
                .file(ModelFormat.ONNX, folder.resolve("colors.onnx"))
                .build())
        .classLoader(jars.loader());
  }

  private SegmenterBuilder builder() throws IOException {
    return builder(InputSpec.builder("in", LONG_EDGE), OutputKind.LOGITS);
  }

  @Test
  void theNetworkSeesEverySizeAndItsMirrorImage() throws IOException {
    List<String> seen = new ArrayList<>();
    try (Segmenter segmenter = builder().augmentation(SIZES.withMirror()).open()) {
      FakeEngine.network =
          input -> {
            seen.add(input.side(3) + " x " + input.side(2));
            return input;
          };

      SegmentationResult result =
          segmenter.segment(IMAGE, SegmentationOptions.MASK_ONLY.withScores());

      assertThat(seen)
          .containsExactly("40 x 32", "40 x 32", "80 x 60", "80 x 60", "20 x 16", "20 x 16");
      assertThat(result.mask().width()).isEqualTo(80);
      ScoreMap scores = result.scores().orElseThrow();
      assertThat(List.of(scores.width(), scores.height())).containsExactly(40, 32);
      assertThat(segmenter.runtime().augmentation()).isEqualTo(SIZES.withMirror());
    }
  }

  @Test
  void scoresAreAddedOnTheLargestGridIfScaleOneIsMissing() throws IOException {
    try (Segmenter segmenter =
        builder().augmentation(TestTimeAugmentation.of(0.5, 1.5, 0.75)).open()) {
      ScoreMap scores = segmenter.score(segmenter.prepare(IMAGE));

      assertThat(List.of(scores.width(), scores.height())).containsExactly(60, 44);
    }
  }

  /** Each size adds its own side to the scores of a black picture. */
  @Test
  void allFormsCountTheSame() throws IOException {
    FakeEngine.network =
        input -> {
          float[] values = new float[input.buffer().remaining()];
          for (int i = 0; i < values.length; i++) {
            values[i] = input.side(3);
          }
          return FloatTensor.of(values, input.shape());
        };
    try (Segmenter segmenter = builder().augmentation(SIZES).open()) {
      ScoreMap scores = segmenter.score(segmenter.prepare(RgbImage.of(80, 60, new byte[14400])));

      assertThat(scores.score(0, 7, 9)).isEqualTo((20 + 40 + 80) / 3f);
    }
  }

  @ParameterizedTest
  @EnumSource(ResizeMode.class)
  void whatIsInThePhotographStaysInItsPlace(ResizeMode mode) throws IOException {
    InputSpec.Builder input =
        InputSpec.builder("in", SizeRule.longEdge(64).withMultiple(32, 0)).resize(mode);
    byte[] rgb = new byte[150 * 100 * 3];
    for (int i = 0; i < 150 * 100; i++) {
      boolean inside = i % 150 >= 60 && i % 150 < 110 && i / 150 >= 20 && i / 150 < 70;
      rgb[i * 3 + (inside ? 1 : 2)] = (byte) 200;
    }
    RgbImage square = RgbImage.of(150, 100, rgb);
    try (Segmenter plain = builder(input, OutputKind.LOGITS).open();
        Segmenter augmented =
            builder(input, OutputKind.LOGITS)
                .augmentation(TestTimeAugmentation.of(0.75, 1, 1.5, 2).withMirror())
                .open()) {
      CategoryMask expected = plain.segment(square).mask();
      CategoryMask found = augmented.segment(square).mask();

      int different = 0;
      for (int y = 0; y < 100; y++) {
        for (int x = 0; x < 150; x++) {
          different += expected.category(x, y) == found.category(x, y) ? 0 : 1;
        }
      }
      assertThat(expected.category(85, 45)).isEqualTo(1);
      assertThat(different).as("of 200 pixels around the square, both sides").isLessThan(10);
    }
  }

  /** The scores of a network that gives its input back do not change with the mirror image. */
  @Test
  void eachTileIsAugmented() throws IOException {
    SegmentationOptions tiles = SegmentationOptions.MASK_ONLY.withTiles(40, 8);
    List<Integer> widths = new ArrayList<>();
    try (Segmenter plain = builder().open();
        Segmenter mirrored = builder().augmentation(TestTimeAugmentation.NONE.withMirror()).open();
        Segmenter sizes = builder().augmentation(SIZES).open()) {
      assertThat(mirrored.segment(IMAGE, tiles).mask())
          .isEqualTo(plain.segment(IMAGE, tiles).mask());
      FakeEngine.network =
          input -> {
            widths.add(input.side(3));
            return input;
          };

      sizes.segment(IMAGE, tiles);

      // Three tiles in a row, two rows.
      assertThat(widths).hasSize(18).startsWith(40, 80, 20);
    }
  }

  @Test
  void theMirrorImageAloneIsThatOfTheMirroredPlan() throws IOException {
    FakeEngine.network =
        input -> {
          float[] values = new float[input.buffer().remaining()];
          for (int i = 0; i < values.length; i++) {
            values[i] = input.buffer().get(i) * (1 + i % 7);
          }
          return FloatTensor.of(values, input.shape());
        };
    SegmentationOptions options = SegmentationOptions.MASK_ONLY.withScores();
    try (Segmenter augmented =
            builder().augmentation(TestTimeAugmentation.NONE.withMirror()).open();
        Segmenter planned =
            builder()
                .plan(preprocessor -> InputPlan.mirrored(preprocessor, TensorLayout.NCHW))
                .open()) {
      assertThat(augmented.segment(IMAGE, options).scores())
          .isEqualTo(planned.segment(IMAGE, options).scores());
    }
  }

  @Test
  void theLastOfPlanAndAugmentationCounts() throws IOException {
    try (Segmenter single = builder().augmentation(SIZES).plan(InputPlan::single).open();
        Segmenter augmented = builder().plan(InputPlan::single).augmentation(SIZES).open()) {
      assertThat(single.prepare(IMAGE)).hasSize(1);
      assertThat(single.runtime().augmentation()).isEqualTo(TestTimeAugmentation.NONE);
      assertThat(augmented.prepare(IMAGE)).hasSize(3);
    }
  }

  @Test
  void inputsOfAFixedSizeTakeOnlyTheMirrorImage() throws IOException {
    InputSpec.Builder fixed = InputSpec.builder("in", SizeRule.fixed(20, 10));
    SegmenterBuilder scaled =
        builder(fixed, OutputKind.LOGITS).augmentation(TestTimeAugmentation.of(1, 1.25));

    assertThatIllegalArgumentException()
        .isThrownBy(scaled::open)
        .withMessage(
            "model colors cannot be run with test-time augmentation 1,1.25: its input has the fixed"
                + " size 20 x 10. Use \"mirror\", which keeps the size.");
    try (Segmenter mirrored =
        builder(fixed, OutputKind.LOGITS)
            .augmentation(TestTimeAugmentation.parse("mirror"))
            .open()) {
      assertThat(mirrored.prepare(IMAGE)).hasSize(2);
    }
  }

  @Test
  void aCropIsAFixedSize() throws IOException {
    SegmenterBuilder cropped =
        builder(InputSpec.builder("in", SizeRule.shortEdge(32)).crop(28, 24), OutputKind.LOGITS)
            .augmentation(SIZES);

    assertThatIllegalArgumentException()
        .isThrownBy(cropped::open)
        .withMessageContaining("its input has the fixed size 28 x 24");
  }

  @Test
  void aPreprocessorOfOnesOwnTakesOnlyTheMirrorImage() throws IOException {
    Preprocessor own = Preprocessor.from(InputSpec.builder("in", LONG_EDGE).build());
    SegmenterBuilder scaled = builder().preprocessor(own).augmentation(SIZES);

    assertThatIllegalArgumentException()
        .isThrownBy(scaled::open)
        .withMessage(
            "model colors cannot be run with test-time augmentation 0.5,1,2: the preprocessor that"
                + " was set makes inputs of one size. Use \"mirror\", which keeps the size.");
    try (Segmenter mirrored =
        builder().preprocessor(own).augmentation(TestTimeAugmentation.parse("mirror")).open()) {
      List<ModelInput> inputs = mirrored.prepare(IMAGE);
      assertThat(inputs).hasSize(2);
    }
  }

  @Test
  void categoriesCannotBeAveraged() throws IOException {
    SegmenterBuilder builder =
        builder(InputSpec.builder("in", LONG_EDGE), OutputKind.CATEGORIES).augmentation(SIZES);

    assertThatIllegalArgumentException()
        .isThrownBy(builder::open)
        .withMessage(
            "model colors outputs categories without scores, so they cannot be averaged. Open it"
                + " without test-time augmentation.");
  }
}
