package io.github.pixelwise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pixelwise.SegmentationOptions.OutputSize;
import io.github.pixelwise.fakes.AlikeBackend;
import io.github.pixelwise.fakes.GoodBackend;
import io.github.pixelwise.model.FloatTensor;
import io.github.pixelwise.model.GridAlignment;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelFormat;
import io.github.pixelwise.model.OutputKind;
import io.github.pixelwise.model.OutputSpec;
import io.github.pixelwise.model.SizeRule;
import io.github.pixelwise.model.TensorLayout;
import io.github.pixelwise.spi.BackendContext;
import io.github.pixelwise.spi.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the shared pipeline does around a backend's session. */
class PipelineTest {
  private static final RgbImage IMAGE = RgbImage.of(4, 2, new byte[24]);

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

  private SegmenterBuilder builder(OutputKind kind) throws IOException {
    return Segmenter.builder()
        .model(
            ModelCard.builder(
                    "colors",
                    InputSpec.builder("in", SizeRule.fixed(2, 2)).build(),
                    OutputSpec.logits("out", 1).withKind(kind),
                    LabelMap.of(List.of("red", "green", "blue")))
                .file(ModelFormat.ONNX, folder.resolve("colors.onnx"))
                .build())
        .classLoader(jars.loader());
  }

  private SegmenterBuilder builder() throws IOException {
    return builder(OutputKind.LOGITS);
  }

  @Test
  void whatTheBuilderIsToldReachesTheBackend() throws IOException {
    builder()
        .setting("good.tempo", "1")
        .threads(3)
        .device("cuda:1")
        .setting("djl.of-another-backend", "2")
        .setting("good.tempo", "3")
        .open()
        .close();

    BackendContext context = FakeEngine.context.orElseThrow();
    assertThat(context.backend()).isEqualTo("good");
    assertThat(context.model().name()).isEqualTo("colors");
    assertThat(context.format()).isEqualTo(ModelFormat.ONNX);
    assertThat(context.file()).isEqualTo(folder.resolve("colors.onnx"));
    assertThat(context.device()).isEqualTo(Device.cuda(1));
    assertThat(context.threads()).isEqualTo(3);
    assertThat(context.setting(Setting.text("good.tempo", "any text", "as declared")))
        .hasValue("3");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          good.temp    | backend good has no setting good.temp (did you mean "good.tempo"?); it has good.tempo
          goud.tempo   | there is no backend goud on the class path for the setting goud.tempo (did you mean "good.tempo"?); found good. Correct the setting's name, or add the backend's jar.
          onx.tf32     | there is no backend onx on the class path for the setting onx.tf32 (did you mean "onnx"?); found good. Correct the setting's name, or add the backend's jar.
          """)
  void aMisspelledSettingIsRefused(String name, String message) throws IOException {
    SegmenterBuilder builder = builder().setting(name, "1");

    assertThatThrownBy(builder::open)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
    assertThat(FakeEngine.OPEN).hasValue(0);
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void scoresMustBeFinite(float wrong) throws IOException {
    try (Segmenter segmenter = builder().open()) {
      float[] values = new float[12];
      values[11] = wrong;
      FakeEngine.network = input -> FloatTensor.of(values, 1, 3, 2, 2);

      assertThatThrownBy(() -> segmenter.segment(IMAGE))
          .isInstanceOf(InferenceException.class)
          .hasMessage(
              "model colors on backend good: output \"out\" should hold finite numbers,"
                  + " found "
                  + wrong);

      FakeEngine.network = input -> input;
      assertThat(segmenter.segment(IMAGE).mask().width()).isEqualTo(4);
    }
  }

  @Test
  void aNetworkThatIsNotWhatItsCardSaysIsAnErrorWhenOpened() throws IOException {
    SegmenterBuilder builder = builder();
    FakeEngine.network = input -> FloatTensor.of(new float[8], 1, 2, 2, 2);

    assertThatThrownBy(builder::open)
        .isInstanceOf(ModelLoadException.class)
        .hasMessage(
            "model colors failed its first run on backend good: output \"out\" should be NCHW"
                + " [1 x 3 x 2 x 2] for an input of 2 x 2, found [1 x 2 x 2 x 2]. Correct the labels"
                + " or the output's kind (labels or output.kind on a card).")
        .hasNoCause();
    assertThat(FakeEngine.OPEN).hasValue(0);
  }

  @Test
  void aSessionThatCannotSayWhatRunsItIsClosed() throws IOException {
    SegmenterBuilder builder = builder();
    FakeEngine.runtime =
        () -> {
          throw new IllegalStateException("no driver\nat line 7");
        };

    assertThatThrownBy(builder::open)
        .isInstanceOf(ModelLoadException.class)
        .hasMessage("model colors failed its first run on backend good: no driver")
        .hasCauseInstanceOf(IllegalStateException.class);
    assertThat(FakeEngine.OPEN).hasValue(0);
  }

  @Test
  void aFailureWithoutAMessageIsNamedByItsKind() throws IOException {
    SegmenterBuilder builder = builder();
    FakeEngine.network =
        input -> {
          throw new NegativeArraySizeException();
        };

    assertThatThrownBy(builder::open)
        .hasMessage(
            "model colors failed its first run on backend good: NegativeArraySizeException");
  }

  private static final String ONE_CHANNEL =
      "For a single channel, use the kind (output.kind on a card) binary-logits, or sigmoid if "
          + "its values are in 0..1, both with two labels, or categories if they are classes.";

  @ParameterizedTest
  @CsvSource({
    "LOGITS, 1, 1 1 2 2",
    "LOGITS, 1, 1 2 2",
    "LOGITS, 0, 1 1 2 2",
    "PROBABILITIES, 1, 1 1 2 2",
    "PROBABILITIES, 0, 1 2 2"
  })
  void oneChannelWhereEachClassShouldHaveOneIsAnErrorThatSaysWhatToWrite(
      OutputKind kind, int stride, String shape) throws IOException {
    int[] sides = Stream.of(shape.split(" ", -1)).mapToInt(Integer::parseInt).toArray();
    FakeEngine.network =
        input -> FloatTensor.of(new float[IntStream.of(sides).reduce(1, (a, b) -> a * b)], sides);
    SegmenterBuilder builder = of(kind, stride, "background", "thing");

    assertThatThrownBy(builder::open)
        .isInstanceOf(ModelLoadException.class)
        .hasMessageEndingWith(ONE_CHANNEL);
  }

  @ParameterizedTest
  @CsvSource({"1 1 300 520", "1 300 520", "1 1 38 65"})
  void aBareNetworkOfOneChannelIsAnErrorThatSaysWhatToWrite(String shape) throws IOException {
    int[] sides = Stream.of(shape.split(" ", -1)).mapToInt(Integer::parseInt).toArray();
    FakeEngine.network =
        input -> FloatTensor.of(new float[IntStream.of(sides).reduce(1, (a, b) -> a * b)], sides);
    SegmenterBuilder builder = bare(TensorLayout.NCHW);

    assertThatThrownBy(builder::open)
        .isInstanceOf(ModelLoadException.class)
        .hasMessageEndingWith(ONE_CHANNEL);
  }

  private SegmenterBuilder of(OutputKind kind, int stride, String... labels) throws IOException {
    return Segmenter.builder()
        .model(
            folder.resolve("colors.onnx"),
            InputSpec.builder("in", SizeRule.fixed(2, 2)).build(),
            OutputSpec.logits("out", stride).withKind(kind),
            LabelMap.of(List.of(labels)))
        .classLoader(jars.loader());
  }

  @Test
  void logitsOfOneChannelAreDecidedByTheirSigmoid() throws IOException {
    FakeEngine.network = input -> FloatTensor.of(new float[] {-9, -0.1f, 0, 9}, 1, 1, 2, 2);
    SegmentationOptions options = SegmentationOptions.MASK_ONLY.withOutputSize(OutputSize.MODEL);
    try (Segmenter segmenter = of(OutputKind.BINARY_LOGITS, 0, "background", "thing").open()) {
      assertThat(segmenter.segment(IMAGE, options).mask())
          .isEqualTo(CategoryMask.copyOf(2, 2, new int[] {0, 0, 1, 1}));
      Relabeling inverse =
          Relabeling.of(
              segmenter.model().labels(), Map.of("background", "VOID", "thing", "something"));
      SegmentationResult sure =
          segmenter.segment(
              IMAGE,
              options
                  .withRelabeling(inverse)
                  .withThresholds(Thresholds.of("something", 0.9))
                  .withConfidence()
                  .withScores());
      assertThat(sure.mask()).isEqualTo(CategoryMask.copyOf(2, 2, new int[] {255, 255, 255, 0}));
      assertThat(sure.confidence().orElseThrow().confidence(1, 1)).isGreaterThan(0.99f);
      assertThat(sure.scores().orElseThrow().score(0, 0, 0)).isEqualTo(-9);
    }
  }

  @ParameterizedTest
  @CsvSource({"SIGMOID, binary-logits", "PROBABILITIES, logits"})
  void rejectsNumbersThatAreNotProbabilities(OutputKind kind, String right) throws IOException {
    int channels = kind == OutputKind.SIGMOID ? 1 : 2;
    FakeEngine.network =
        input -> {
          float[] values = new float[channels * 4];
          values[0] = -10;
          return FloatTensor.of(values, 1, channels, 2, 2);
        };

    assertThatThrownBy(of(kind, 1, "background", "thing")::open)
        .isInstanceOf(ModelLoadException.class)
        .hasMessage(
            "model colors.onnx failed its first run on backend good: output \"out\" should hold"
                + " probabilities of 0..1, found -10.0. Correct the output's kind (output.kind on a"
                + " card) from %s to %s.",
            kind.name().toLowerCase(Locale.ROOT), right)
        .hasNoCause();
  }

  @ParameterizedTest
  @CsvSource({
    "LOGITS, NCHW, 3 2 2",
    "LOGITS, NHWC, 2 2 3",
    "LOGITS, NCHW, 1 3 2 2",
    "LOGITS, NCHW, 1 3 4 4",
    "LOGITS, NHWC, 6 6 3",
    "PROBABILITIES, NCHW, 3 2 2",
    "CATEGORIES, NCHW, 2 2",
    "CATEGORIES, NCHW, 1 2 2",
    "CATEGORIES, NCHW, 1 1 2 2",
    "CATEGORIES, NHWC, 2 2",
    "CATEGORIES, NHWC, 2 2 1",
    "CATEGORIES, NHWC, 1 2 2",
    "CATEGORIES, NCHW, 4 4",
  })
  void outputsMayLackTheAxisOfASingleImageAndBeFinerThanTheInput(
      OutputKind kind, TensorLayout layout, String shape) throws IOException {
    int[] sides = Stream.of(shape.split(" ", -1)).mapToInt(Integer::parseInt).toArray();
    FakeEngine.network =
        input -> FloatTensor.of(new float[IntStream.of(sides).reduce(1, (a, b) -> a * b)], sides);
    OutputSpec output = OutputSpec.logits("out", 1).withLayout(layout).withKind(kind);

    try (Segmenter segmenter =
        Segmenter.builder()
            .model(
                folder.resolve("colors.onnx"),
                InputSpec.builder("in", SizeRule.fixed(2, 2)).build(),
                output,
                LabelMap.of(List.of("red", "green", "blue")))
            .classLoader(jars.loader())
            .open()) {
      assertThat(segmenter.segment(IMAGE).mask()).isEqualTo(CategoryMask.copyOf(4, 2, new int[8]));
    }
  }

  @ParameterizedTest
  @CsvSource({"1 3 4 2", "1 3 2 4", "1 3 3 3", "1 3 1 1"})
  void aGridThatIsNotAWholeFactorFinerBothWaysIsAnError(String shape) throws IOException {
    int[] sides = Stream.of(shape.split(" ", -1)).mapToInt(Integer::parseInt).toArray();
    FakeEngine.network =
        input -> FloatTensor.of(new float[IntStream.of(sides).reduce(1, (a, b) -> a * b)], sides);

    assertThatThrownBy(builder()::open)
        .isInstanceOf(ModelLoadException.class)
        .hasMessageEndingWith("Correct the output's stride (output.stride on a card).");
  }

  @Test
  void categoriesOfSeveralImagesAreNotTakenForThoseOfOne() throws IOException {
    FakeEngine.network = input -> FloatTensor.of(new float[20], 5, 2, 2);

    assertThatThrownBy(builder(OutputKind.CATEGORIES)::open)
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining(
            "output \"out\" should have a batch of 1, found FloatTensor[5 x 2 x 2].");
  }

  @Test
  void aSessionThatFailsOddlyIsClosedAndALoadError() throws IOException {
    SegmenterBuilder builder = builder();
    FakeEngine.network =
        input -> {
          throw new ClassCastException("odd");
        };

    assertThatThrownBy(builder::open)
        .isInstanceOf(ModelLoadException.class)
        .hasMessage("model colors failed its first run on backend good: odd");
    assertThat(FakeEngine.OPEN).hasValue(0);
  }

  private static void failOnTheGpu() {
    FakeEngine.bestDevice = Device.cuda(0);
    FakeEngine.network =
        input -> {
          FakeEngine.network = UnaryOperator.identity();
          throw new InferenceException("out of memory", new IllegalStateException());
        };
  }

  @Test
  void aNetworkThatTheBestDeviceCannotRunIsRunOnTheCpu() throws IOException {
    SegmenterBuilder builder = builder().threads(3);
    failOnTheGpu();

    try (Segmenter segmenter = builder.open()) {
      assertThat(segmenter.runtime())
          .isEqualTo(
              RuntimeInfo.of("good", "Fake 1.0", Device.CPU, "cuda:0 failed: out of memory")
                  .withPassedOver(List.of("device cuda:0 was passed over for cpu: out of memory")));
      assertThat(FakeEngine.context.orElseThrow().threads()).isEqualTo(3);
      assertThat(FakeEngine.OPEN).hasValue(1);
    }
    assertThat(FakeEngine.OPEN).hasValue(0);
  }

  @Test
  void aNetworkThatTheDeviceAskedForCannotRunIsAnError() throws IOException {
    SegmenterBuilder builder = builder().device("cuda:0");
    failOnTheGpu();

    assertThatThrownBy(builder::open)
        .isInstanceOf(ModelLoadException.class)
        .hasMessage(
            "model colors failed its first run on backend good: out of memory. There is not enough"
                + " memory: choose a smaller input or model, or free memory.");
    assertThat(FakeEngine.OPEN).hasValue(0);
  }

  @Test
  void aSessionThatIsNotConcurrentRunsOneCallAtATime() throws IOException {
    FakeEngine.concurrent = false;
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    try (Segmenter segmenter = builder().open()) {
      FakeEngine.network =
          input -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            LockSupport.parkNanos(1000);
            running.decrementAndGet();
            return input;
          };

      IntStream.range(0, 500).parallel().forEach(i -> segmenter.segment(IMAGE));
    }

    assertThat(most).hasValue(1);
  }

  @Test
  void categoriesHaveNoConfidence() throws IOException {
    FakeEngine.network = input -> FloatTensor.of(new float[4], 1, 1, 2, 2);
    try (Segmenter segmenter = builder(OutputKind.CATEGORIES).open()) {
      assertThatThrownBy(
              () -> segmenter.segment(IMAGE, SegmentationOptions.MASK_ONLY.withConfidence()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("model colors outputs categories without scores, so there is no confidence");
    }
  }

  @Test
  void whatWasAskedForIsKept() throws IOException {
    try (Segmenter segmenter = builder().open()) {
      SegmentationResult mask = segmenter.segment(IMAGE);
      SegmentationResult all =
          segmenter.segment(IMAGE, SegmentationOptions.MASK_ONLY.withConfidence().withScores());

      assertThat(mask.confidence()).isEmpty();
      assertThat(mask.scores()).isEmpty();
      assertThat(all.confidence().orElseThrow().width()).isEqualTo(4);
      assertThat(all.scores().orElseThrow().width()).isEqualTo(2);
      assertThat(segmenter.segmentAll(List.of(IMAGE, IMAGE)))
          .extracting(SegmentationResult::mask)
          .containsExactly(mask.mask(), mask.mask());
    }
  }

  @Test
  void resultsHaveTheClassesAndTheCertaintyAskedFor() throws IOException {
    try (Segmenter segmenter = builder().open()) {
      FakeEngine.network =
          input -> FloatTensor.of(new float[] {9, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0, 9}, 1, 3, 2, 2);
      Relabeling warm =
          Relabeling.of(segmenter.model().labels(), Map.of("red", "warm", "green", "warm"));
      SegmentationOptions options =
          SegmentationOptions.MASK_ONLY
              .withOutputSize(OutputSize.MODEL)
              .withRelabeling(warm)
              .withThresholds(Thresholds.of("warm", 0.9));

      SegmentationResult result = segmenter.segment(IMAGE, options);

      assertThat(result.labels().names()).containsExactly("warm", "blue");
      assertThat(result.palette()).isEqualTo(warm.palette(segmenter.model().palette()));
      assertThat(result.palette().rgb(1)).isEqualTo(Palette.voc().rgb(2));
      assertThat(segmenter.segment(IMAGE).palette()).isEqualTo(Palette.voc());
      assertThat(result.mask()).isEqualTo(CategoryMask.copyOf(2, 2, new int[] {0, 0, 255, 1}));
    }
  }

  @Test
  void categoriesHaveNoProbabilityToHoldToAThreshold() throws IOException {
    FakeEngine.network = input -> FloatTensor.of(new float[4], 1, 1, 2, 2);
    try (Segmenter segmenter = builder(OutputKind.CATEGORIES).open()) {
      assertThatThrownBy(
              () ->
                  segmenter.segment(
                      IMAGE, SegmentationOptions.MASK_ONLY.withThresholds(Thresholds.ofAll(0.5))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "model colors outputs categories without scores, so there is no confidence to "
                  + "compare with a threshold");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1, 2147483647, 1 1 1 1 1",
    "2, 2147483647, 2 2 1",
    "4, 2147483647, 4 1",
    "4, 1, 1 1 1 1 1"
  })
  void imagesGoThroughTheNetworkInBatches(int asked, int most, String expected) throws IOException {
    FakeEngine.maxBatch = most;
    List<String> runs = new ArrayList<>();
    List<RgbImage> images =
        IntStream.range(0, 5).mapToObj(i -> RgbImage.of(1 + i, 1, new byte[3 * (1 + i)])).toList();
    try (Segmenter segmenter = builder().batchSize(asked).open()) {
      FakeEngine.network =
          input -> {
            runs.add(Integer.toString(input.side(0)));
            return input;
          };

      List<SegmentationResult> results = segmenter.segmentAll(images);

      assertThat(String.join(" ", runs)).isEqualTo(expected);
      assertThat(results).extracting(r -> r.mask().width()).containsExactly(1, 2, 3, 4, 5);
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "1, 4", "5, 3", "8, 4"})
  void aBatchOfOneSizeIsFilledUp(int asked, int size) throws IOException {
    FakeEngine.maxBatch = size;
    FakeEngine.fixedBatch = true;
    List<Integer> runs = new ArrayList<>();
    FakeEngine.network =
        input -> {
          runs.add(input.side(0));
          return input;
        };
    List<RgbImage> images =
        IntStream.range(0, 6)
            .mapToObj(
                i -> RgbImage.of(1, 1, new byte[] {(byte) (i == 1 ? 9 : 0), 0, (byte) (i * 8)}))
            .toList();
    try (Segmenter segmenter = builder().batchSize(asked).open()) {
      assertThat(segmenter.segmentAll(images))
          .extracting(result -> result.mask().category(0, 0))
          .containsExactly(0, 0, 2, 2, 2, 2);
      assertThat(segmenter.segment(images.get(3)).mask().category(0, 0)).isEqualTo(2);
    }
    assertThat(runs).containsOnly(size);
  }

  @Test
  void theStrideOfANetworkOfOneBatchSizeIsReadOffAFilledBatch() throws IOException {
    FakeEngine.maxBatch = 4;
    FakeEngine.fixedBatch = true;
    FakeEngine.network =
        input -> FloatTensor.of(new float[input.side(0) * 2 * 38 * 65], input.side(0), 2, 38, 65);

    try (Segmenter segmenter = bare(TensorLayout.NCHW).open()) {
      assertThat(segmenter.model().output().stride()).isEqualTo(8);
    }
  }

  @Test
  void aBatchSizeHasBounds() throws IOException {
    SegmenterBuilder builder = builder();

    for (int wrong : new int[] {0, -1, 257}) {
      assertThatThrownBy(() -> builder.batchSize(wrong))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("the batch size must lie in 1..256, found " + wrong);
    }
  }

  private SegmenterBuilder bare(TensorLayout layout) throws IOException {
    return Segmenter.builder()
        .model(
            folder.resolve("colors.onnx"),
            InputSpec.builder("", SizeRule.fixed(520, 300)).layout(layout).build())
        .classLoader(jars.loader());
  }

  @ParameterizedTest
  @CsvSource({
    "NCHW, 1 5 300 520, 1",
    "NCHW, 1 5 38 65, 8",
    "NCHW, 1 5 10 17, 32",
    "NCHW, 1 5 60 104, 5",
    "NHWC, 1 300 520 5, 1",
    "NHWC, 1 75 130 5, 4",
    "NCHW, 5 38 65, 8",
    "NHWC, 38 65 5, 8",
    "NCHW, 1 5 600 1040, 1",
  })
  void completesABareCardFromTheOutput(TensorLayout layout, String shape, int stride)
      throws IOException {
    int[] sides = Stream.of(shape.split(" ", -1)).mapToInt(Integer::parseInt).toArray();
    FakeEngine.network =
        input -> FloatTensor.of(new float[IntStream.of(sides).reduce(1, (a, b) -> a * b)], sides);

    try (Segmenter segmenter = bare(layout).open()) {
      ModelCard model = segmenter.model();
      assertThat(model.name()).isEqualTo("colors.onnx");
      assertThat(model.output().stride()).isEqualTo(stride);
      assertThat(model.output().layout()).isEqualTo(layout);
      assertThat(model.labels().names())
          .containsExactly("class 0", "class 1", "class 2", "class 3", "class 4");
      assertThat(segmenter.segment(IMAGE).mask().width()).isEqualTo(4);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "300 520, 'two or more channels, one per class'",
    "1 5 37 64, a grid over the input",
    "1 5 600 520, a grid over the input",
    "1 300 520 5, a grid over the input",
  })
  void rejectsABareNetworkWithoutAGridOfLogits(String shape, String expected) throws IOException {
    int[] sides = Stream.of(shape.split(" ", -1)).mapToInt(Integer::parseInt).toArray();
    FloatTensor output =
        FloatTensor.of(new float[IntStream.of(sides).reduce(1, (a, b) -> a * b)], sides);
    FakeEngine.network = input -> output;
    SegmenterBuilder builder = bare(TensorLayout.NCHW);

    assertThatThrownBy(builder::open)
        .isInstanceOf(ModelLoadException.class)
        .hasMessageEndingWith(
            "an input of 520 x 300 should give logits in NCHW: %s; found %s. Correct or complete "
                + "the description of the output and its labels, on a card or with an "
                + "OutputSpec and a LabelMap.",
            expected, output);
    assertThat(FakeEngine.OPEN).hasValue(0);
  }

  @Test
  void aBareNetworkMayComeWithItsOutputAndItsClasses() throws IOException {
    LabelMap labels = LabelMap.of(List.of("red", "green", "blue"));
    SegmenterBuilder builder =
        Segmenter.builder()
            .model(
                folder.resolve("colors.onnx"),
                InputSpec.builder("in", SizeRule.fixed(2, 2)).build(),
                OutputSpec.logits("out", 1),
                labels)
            .classLoader(jars.loader());

    try (Segmenter segmenter = builder.open()) {
      assertThat(segmenter.model().labels()).isEqualTo(labels);
      assertThat(segmenter.model().output().name()).isEqualTo("out");
    }
  }

  private SegmenterBuilder withoutStride(OutputKind kind, LabelMap labels) throws IOException {
    OutputSpec output =
        OutputSpec.logits("out", 0).withKind(kind).withAlignment(GridAlignment.ALIGNED_CORNERS);
    return Segmenter.builder()
        .model(
            ModelCard.builder(
                    "net", InputSpec.builder("", SizeRule.fixed(520, 300)).build(), output, labels)
                .file(ModelFormat.ONNX, folder.resolve("colors.onnx"))
                .license("MIT")
                .palette(Palette.cityscapes())
                .build())
        .classLoader(jars.loader());
  }

  @ParameterizedTest
  @CsvSource({"LOGITS, 1 3 38 65", "SIGMOID, 1 1 38 65", "CATEGORIES, 1 38 65"})
  void detectsAnUnknownStrideAndKeepsTheRestOfTheCard(OutputKind kind, String shape)
      throws IOException {
    int[] sides = Stream.of(shape.split(" ", -1)).mapToInt(Integer::parseInt).toArray();
    LabelMap labels =
        LabelMap.of(List.of("red", "green", "blue").subList(0, kind == OutputKind.SIGMOID ? 2 : 3));
    FakeEngine.network =
        input -> FloatTensor.of(new float[IntStream.of(sides).reduce(1, (a, b) -> a * b)], sides);

    try (Segmenter segmenter = withoutStride(kind, labels).open()) {
      ModelCard model = segmenter.model();
      assertThat(model.output())
          .isEqualTo(
              OutputSpec.logits("out", 8)
                  .withKind(kind)
                  .withAlignment(GridAlignment.ALIGNED_CORNERS));
      assertThat(model.labels()).isEqualTo(labels);
      assertThat(model.license()).isEqualTo("MIT");
      assertThat(model.palette()).isEqualTo(Palette.cityscapes());
      assertThat(segmenter.segment(IMAGE).labels()).isEqualTo(labels);
    }
  }

  @ParameterizedTest
  @CsvSource({"1 5 38 65", "2 38 65", "1 3"})
  void anOutputThatHasNotAChannelForEveryLabelIsRefused(String shape) throws IOException {
    int[] sides = Stream.of(shape.split(" ", -1)).mapToInt(Integer::parseInt).toArray();
    FloatTensor output =
        FloatTensor.of(new float[IntStream.of(sides).reduce(1, (a, b) -> a * b)], sides);
    FakeEngine.network = input -> output;
    SegmenterBuilder builder =
        withoutStride(OutputKind.LOGITS, LabelMap.of(List.of("red", "green", "blue")));

    assertThatThrownBy(builder::open)
        .isInstanceOf(ModelLoadException.class)
        .hasMessage(
            "model net failed its first run on backend good: an input of 520 x 300 should give logits"
                + " in NCHW: 3 channels for its 3 labels; found %s. Correct or complete the "
                + "description of the output and its labels, on a card or with an OutputSpec "
                + "and a LabelMap.",
            output);
  }

  @Test
  void aGridOfUnknownStrideHasNoSize() {
    assertThatThrownBy(() -> OutputSpec.logits("out", 0).gridSide(100))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "the stride of output \"out\" is not known before the model is opened; Segmenter.model() has it");
  }

  @Test
  void findsTheFormatFromTheFileName() {
    InputSpec input = InputSpec.builder("in", SizeRule.fixed(2, 2)).build();

    assertThatThrownBy(() -> Segmenter.builder().model(Path.of("net.pth"), input))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "the name of a model's file should end in .onnx, .pt or .torchscript, found net.pth."
                + " Rename it, or give its format to ModelCard.builder.");
  }

  @Test
  void aMaskMayHaveTheSizeOfTheNetworksInput() throws IOException {
    SegmentationOptions options =
        SegmentationOptions.MASK_ONLY
            .withOutputSize(OutputSize.MODEL)
            .withConfidence()
            .withScores();
    try (Segmenter segmenter = builder().open()) {
      FakeEngine.network =
          input -> FloatTensor.of(new float[] {9, 0, 0, 0, 0, 9, 0, 0, 0, 0, 9, 9}, 1, 3, 2, 2);

      SegmentationResult result = segmenter.segment(IMAGE, options);

      assertThat(result.mask()).isEqualTo(CategoryMask.copyOf(2, 2, new int[] {0, 1, 2, 2}));
      assertThat(result.confidence().orElseThrow().width()).isEqualTo(2);
      assertThat(result.scores().orElseThrow().geometry().sourceWidth()).isEqualTo(4);
    }
  }

  @Test
  void aPreprocessorThatChangesTheImageIsRefused() throws IOException {
    Preprocessor standard =
        Preprocessor.from(InputSpec.builder("in", SizeRule.fixed(2, 2)).build());
    RgbImage other = RgbImage.of(3, 2, new byte[18]);
    SegmenterBuilder builder = builder().preprocessor(image -> standard.prepare(other));

    assertThatThrownBy(builder::open)
        .isInstanceOf(ModelLoadException.class)
        .hasMessageEndingWith(
            "the preprocessor was given an image of 1 x 1, but returned a geometry for 3 x 2");
  }

  @Test
  void aClosedSegmenterSaysSo() throws IOException {
    Segmenter segmenter = builder().open();

    segmenter.close();
    segmenter.close();

    assertThat(FakeEngine.OPEN).hasValue(0);
    assertThatThrownBy(() -> segmenter.segment(IMAGE))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("segmenter of model colors on backend good is closed");
  }

  @Test
  void closingFromWithinPreprocessingIsRefusedRatherThanADeadlock() throws IOException {
    AtomicReference<Segmenter> opened = new AtomicReference<>();
    Preprocessor standard =
        Preprocessor.from(InputSpec.builder("in", SizeRule.fixed(2, 2)).build());
    Preprocessor closing =
        image -> {
          if (opened.get() != null) {
            opened.get().close();
          }
          return standard.prepare(image);
        };
    try (Segmenter segmenter = builder().preprocessor(closing).open()) {
      opened.set(segmenter);

      assertThatThrownBy(() -> segmenter.segment(IMAGE))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(
              "segmenter of model colors on backend good cannot be closed from within its own"
                  + " preprocessing");
    }
  }

  @Test
  void theContextClassLoaderIsSearchedToo() throws IOException {
    ModelCard model = builder().open().model();
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(jars.loader());
    try (Segmenter segmenter = Segmenter.builder().model(model).open()) {
      assertThat(segmenter.runtime().backend()).isEqualTo("good");
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  @Test
  void passesOverABackendWhoseAvailabilityCheckFails() throws IOException {
    FakeEngine.availability =
        () -> {
          FakeEngine.availability = () -> {};
          throw new NoClassDefFoundError("some/Engine");
        };
    jars.addBackend(AlikeBackend.class);

    try (Segmenter segmenter = builder().open()) {
      assertThat(segmenter.runtime().backend()).isEqualTo("good");
    }
  }
}
