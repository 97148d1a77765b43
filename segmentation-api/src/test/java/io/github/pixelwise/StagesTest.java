package io.github.pixelwise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pixelwise.fakes.GoodBackend;
import io.github.pixelwise.model.FloatTensor;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelFormat;
import io.github.pixelwise.model.ModelInput;
import io.github.pixelwise.model.OutputKind;
import io.github.pixelwise.model.OutputSpec;
import io.github.pixelwise.model.SizeRule;
import io.github.pixelwise.model.TensorLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The stages of a segmentation, what can be put between them, and who is told. */
class StagesTest {
  private static final RgbImage IMAGE = Noise.of(40, 30, 1);

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
                    InputSpec.builder("in", SizeRule.fixed(20, 10)).build(),
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
  void theStagesOneAfterTheOtherGiveWhatSegmentGives() throws IOException {
    SegmentationOptions options = SegmentationOptions.MASK_ONLY.withConfidence().withScores();
    try (Segmenter segmenter = builder().open()) {
      SegmentationResult whole = segmenter.segment(IMAGE, options);

      ScoreMap scores = segmenter.score(segmenter.prepare(IMAGE));
      SegmentationResult staged = segmenter.decode(scores, options);

      assertThat(staged.mask()).isEqualTo(whole.mask());
      assertThat(staged.confidence()).isEqualTo(whole.confidence());
      assertThat(whole.scores()).contains(scores);
      assertThat(staged.timings().inference()).isZero();
    }
  }

  @Test
  void sharpeningNeedsTheImageItsSizeAndScores() throws IOException {
    SegmentationOptions options = SegmentationOptions.MASK_ONLY.withSharpening();
    try (Segmenter segmenter = builder().open()) {
      assertThat(segmenter.segment(IMAGE, options.withScores()).scores())
          .isEqualTo(segmenter.segment(IMAGE, SegmentationOptions.MASK_ONLY.withScores()).scores());

      ScoreMap scores = segmenter.score(segmenter.prepare(IMAGE));
      assertThatThrownBy(() -> segmenter.decode(scores, options))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "tiles and sharpening need the image, and there are only its scores; use segment, or"
                  + " options without them");
      assertThatThrownBy(
              () ->
                  segmenter.segment(
                      IMAGE, options.withOutputSize(SegmentationOptions.OutputSize.MODEL)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "sharpening follows the image's own pixels, so the mask must have the image's size;"
                  + " use OutputSize.SOURCE");
    }
  }

  @Test
  void scoresAreDecodedAfterClosing() throws IOException {
    Segmenter segmenter = builder().open();
    List<ModelInput> inputs = segmenter.prepare(IMAGE);
    ScoreMap scores = segmenter.score(inputs);
    CategoryMask mask = segmenter.segment(IMAGE).mask();
    segmenter.close();

    assertThat(segmenter.decode(scores, SegmentationOptions.MASK_ONLY).mask()).isEqualTo(mask);
    assertThatThrownBy(() -> segmenter.score(inputs))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageEndingWith(" is closed");
  }

  /** A network that is the same everywhere gives a picture and its mirror image the same scores. */
  @Test
  void theMeanWithTheMirrorImageIsThatOfAnUnbiasedNetwork() throws IOException {
    List<Integer> batches = new ArrayList<>();
    FakeEngine.network =
        input -> {
          batches.add(input.side(0));
          return input;
        };
    SegmentationOptions options = SegmentationOptions.MASK_ONLY.withScores();
    try (Segmenter plain = builder().open();
        Segmenter mirrored =
            builder()
                .batchSize(2)
                .plan(preprocessor -> InputPlan.mirrored(preprocessor, TensorLayout.NCHW))
                .open()) {
      batches.clear();

      SegmentationResult result = mirrored.segment(IMAGE, options);

      assertThat(batches).containsExactly(2);
      assertThat(result.mask()).isEqualTo(plain.segment(IMAGE).mask());
      assertThat(result.scores()).isEqualTo(plain.segment(IMAGE, options).scores());
    }
  }

  @Test
  void aNetworkThatFavorsOneSideIsAveragedOverBoth() throws IOException {
    // Adds 0, 1, 2... from left to right, whose mean with the mirror image is 9.5 everywhere.
    FakeEngine.network =
        input -> {
          float[] values = new float[input.buffer().remaining()];
          for (int i = 0; i < values.length; i++) {
            values[i] = input.buffer().get(i) + i % 20;
          }
          return FloatTensor.of(values, input.shape());
        };
    try (Segmenter mirrored =
        builder()
            .plan(preprocessor -> InputPlan.mirrored(preprocessor, TensorLayout.NCHW))
            .open()) {
      RgbImage black = RgbImage.of(20, 10, new byte[600]);

      ScoreMap scores = mirrored.score(mirrored.prepare(black));

      for (int x = 0; x < 20; x++) {
        assertThat(scores.score(0, x, 3)).isEqualTo(9.5f);
      }
    }
  }

  @Test
  void categoriesCannotBeAveraged() throws IOException {
    FakeEngine.network = input -> FloatTensor.of(new float[200], 1, 1, 10, 20);
    SegmenterBuilder builder =
        builder(OutputKind.CATEGORIES)
            .plan(preprocessor -> InputPlan.mirrored(preprocessor, TensorLayout.NCHW));

    assertThatThrownBy(builder::open)
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining(
            "categories cannot be averaged; open the model with a plan that makes one input");
  }

  @Test
  void threadsThatAreLentDoTheWorkOfACall() throws IOException {
    Set<String> names = ConcurrentHashMap.newKeySet();
    List<Thread> created = new CopyOnWriteArrayList<>();
    ExecutorService lent =
        Executors.newFixedThreadPool(
            2,
            task -> {
              Thread thread = new Thread(task, "lent");
              created.add(thread);
              return thread;
            });
    RgbImage large = Noise.of(400, 800, 1);
    try (Segmenter segmenter =
            builder()
                .parallelism(
                    Parallelism.of(
                        task ->
                            lent.execute(
                                () -> {
                                  names.add(Thread.currentThread().getName());
                                  task.run();
                                }),
                        3))
                .open();
        Segmenter single = builder().threads(1).open()) {
      CategoryMask mask = segmenter.segment(large).mask();

      assertThat(mask).isEqualTo(single.segment(large).mask());
    } finally {
      lent.shutdown();
    }
    assertThat(names).containsOnly("lent");
    assertThat(created).hasSizeLessThanOrEqualTo(2);
  }

  @Test
  void anAsynchronousCallGivesWhatACallGives() throws Exception {
    ExecutorService executor = Executors.newSingleThreadExecutor();
    try (Segmenter segmenter = builder().open()) {
      assertThat(
              segmenter.segmentAsync(IMAGE, SegmentationOptions.MASK_ONLY, executor).get().mask())
          .isEqualTo(segmenter.segment(IMAGE).mask());

      FakeEngine.network =
          input -> {
            throw new InferenceException("out of order");
          };
      CompletableFuture<SegmentationResult> failing =
          segmenter.segmentAsync(IMAGE, SegmentationOptions.MASK_ONLY, executor);
      assertThatThrownBy(failing::get)
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(InferenceException.class);
    } finally {
      executor.shutdown();
    }
  }

  @Test
  @Timeout(60)
  void callsOfSeveralThreadsShareARun() throws Exception {
    List<Integer> batches = new CopyOnWriteArrayList<>();
    FakeEngine.network =
        input -> {
          batches.add(input.side(0));
          return input;
        };
    ExecutorService callers = Executors.newFixedThreadPool(4);
    try (Segmenter segmenter = builder().sharedBatches(4, Duration.ofSeconds(30)).open();
        Segmenter alone = builder().open()) {
      batches.clear();
      List<CompletableFuture<SegmentationResult>> results = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        results.add(
            segmenter.segmentAsync(
                Noise.of(40 + i, 30, i), SegmentationOptions.MASK_ONLY, callers));
      }
      for (int i = 0; i < 4; i++) {
        results.get(i).get();
      }
      assertThat(batches).containsExactly(4);
      for (int i = 0; i < 4; i++) {
        assertThat(results.get(i).get().mask())
            .isEqualTo(alone.segment(Noise.of(40 + i, 30, i)).mask());
      }
    } finally {
      callers.shutdown();
    }
  }

  @Test
  void aCallThatNobodyJoinsRunsAlone() throws IOException {
    try (Segmenter segmenter = builder().sharedBatches(4, Duration.ofMillis(1)).open();
        Segmenter alone = builder().open()) {
      assertThat(segmenter.segment(IMAGE).mask()).isEqualTo(alone.segment(IMAGE).mask());
    }
  }

  @Test
  @Timeout(60)
  void aRunThatFailsFailsAllWhoShareIt() throws Exception {
    ExecutorService callers = Executors.newFixedThreadPool(2);
    try (Segmenter segmenter = builder().sharedBatches(2, Duration.ofSeconds(30)).open()) {
      FakeEngine.network =
          input -> {
            throw new InferenceException("out of order");
          };
      CompletableFuture<SegmentationResult> first =
          segmenter.segmentAsync(IMAGE, SegmentationOptions.MASK_ONLY, callers);
      CompletableFuture<SegmentationResult> second =
          segmenter.segmentAsync(IMAGE, SegmentationOptions.MASK_ONLY, callers);

      for (CompletableFuture<SegmentationResult> call : List.of(first, second)) {
        assertThatThrownBy(call::get).hasRootCauseMessage("out of order");
      }
      FakeEngine.network = input -> input;
    } finally {
      callers.shutdown();
    }
  }

  @Test
  void sharedBatchesTakeAWait() throws IOException {
    SegmenterBuilder builder = builder();

    assertThatThrownBy(() -> builder.sharedBatches(1, Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "shared batches need at least 2 images and a wait above zero, found 1 and PT0S");
  }

  @Test
  void notifiesListenersOfEverythingInOrder() throws IOException {
    List<String> heard = new ArrayList<>();
    SegmenterListener deaf =
        new SegmenterListener() {
          @Override
          public void segmented(RgbImage image, SegmentationResult result) {
            throw new IllegalStateException("a listener's failure goes no further");
          }
        };
    SegmenterListener listener =
        new SegmenterListener() {
          @Override
          public void opened(ModelCard model, RuntimeInfo runtime, Duration time) {
            heard.add("opened %s on %s".formatted(model.name(), runtime.backend()));
          }

          @Override
          public void segmented(RgbImage image, SegmentationResult result) {
            heard.add("segmented %d x %d".formatted(image.width(), result.mask().height()));
          }

          @Override
          public void failed(RuntimeException failure) {
            heard.add("failed: " + failure.getMessage());
          }

          @Override
          public void closed() {
            heard.add("closed");
          }
        };
    Segmenter segmenter = builder().listener(deaf).listener(listener).open();
    segmenter.segmentAll(List.of(IMAGE, IMAGE));
    FakeEngine.network =
        input -> {
          throw new InferenceException("out of order");
        };
    assertThatThrownBy(() -> segmenter.segment(IMAGE)).isInstanceOf(InferenceException.class);
    segmenter.close();
    segmenter.close();

    assertThat(heard)
        .containsExactly(
            "opened colors on good",
            "segmented 40 x 30",
            "segmented 40 x 30",
            "failed: out of order",
            "closed");
  }
}
