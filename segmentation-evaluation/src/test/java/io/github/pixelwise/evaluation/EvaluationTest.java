package io.github.pixelwise.evaluation;

import static io.github.pixelwise.evaluation.FakeSegmenter.sample;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.InferenceException;
import io.github.pixelwise.LabelMap;
import io.github.pixelwise.Palette;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.SegmentationOptions;
import io.github.pixelwise.TestTimeAugmentation;
import io.github.pixelwise.evaluation.dataset.Dataset;
import io.github.pixelwise.evaluation.dataset.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class EvaluationTest {
  private static final LabelMap LABELS = LabelMap.of(List.of("road", "car", "sky"));
  private static final int VOID = 255;

  /** Photographs whose masks are shown in reports are segmented once more for them. */
  private static final int EXAMPLES = 18;

  @TempDir private Path folder;

  private final FakeSegmenter segmenter = new FakeSegmenter("tiny", "road", "car", "sky");

  private static Dataset dataset(Sample... samples) {
    return dataset(List.of(samples));
  }

  private static Dataset dataset(List<Sample> samples) {
    return Dataset.of("streets", LABELS, Palette.voc(), samples);
  }

  private static int[] pixels(Random random) {
    return random.ints(20, 0, 4).map(category -> category == 3 ? VOID : category).toArray();
  }

  private static List<Sample> samples(int count) {
    Random random = new Random(1);
    return Stream.generate(() -> random)
        .limit(count)
        .map(any -> sample("photo" + random.nextLong(), pixels(random), pixels(random)))
        .toList();
  }

  /** Does something before its photograph is read. */
  private static Sample before(String name, Callable<?> action) {
    Sample good = sample(name, new int[] {0}, 0);
    return new Sample() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public RgbImage photograph() throws IOException {
        try {
          action.call();
        } catch (IOException | RuntimeException e) {
          throw e;
        } catch (Exception e) {
          throw new IOException(e);
        }
        return good.photograph();
      }

      @Override
      public CategoryMask truth() throws IOException {
        return good.truth();
      }
    };
  }

  private static Sample failing(String name, Exception failure) {
    return before(
        name,
        () -> {
          throw failure;
        });
  }

  private ConfusionMatrix counted(List<Sample> samples) throws IOException {
    ConfusionMatrix matrix = ConfusionMatrix.of(LABELS);
    for (Sample sample : samples) {
      matrix.add(sample.truth(), segmenter.segment(sample.photograph()).mask());
    }
    return matrix;
  }

  @Test
  void thePredictorSaysHowPhotographsWereAugmented() throws Exception {
    segmenter.augmentation(TestTimeAugmentation.of(1, 1.5).withMirror());

    EvaluationReport report = Evaluation.of(segmenter, dataset(samples(1))).run();

    assertThat(report.predictor())
        .isEqualTo("tiny on fake Fake 1.0, cpu, test-time augmentation 1,1.5,mirror");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 100})
  void countsAllPixelsWhateverTheThreads(int threads) throws Exception {
    List<Sample> samples = samples(50);

    EvaluationReport report =
        Evaluation.of(segmenter, dataset(samples)).threads(threads).calibration().run();

    assertThat(report.confusion()).isEqualTo(counted(samples));
    assertThat(report.images())
        .extracting(ImageResult::name)
        .containsExactlyElementsOf(samples.stream().map(Sample::name).toList());
    assertThat(report.predictor()).isEqualTo("tiny on fake Fake 1.0, cpu");
    assertThat(report.dataset()).isEqualTo("streets");
    assertThat(report.notes()).isEmpty();
    assertThat(report.boundary()).isEmpty();
    assertThat(report.calibration().orElseThrow().pixels(14)).isEqualTo(report.confusion().total());
  }

  @Test
  void ignoresVoidInTheTruthAndCountsPredictedVoidAsWrong() throws Exception {
    EvaluationReport report =
        Evaluation.of(
                segmenter, dataset(sample("a", new int[] {VOID, VOID, 0, 0}, 0, VOID, VOID, 0)))
            .run();

    assertThat(report.confusion().total()).isEqualTo(2);
    assertThat(report.confusion().count(0, ConfusionMatrix.VOID)).isEqualTo(1);
    assertThat(report.metrics().pixelAccuracy()).isEqualTo(0.5);
  }

  @Test
  void mapsTheModelsClassesToThoseOfTheDataSet() throws Exception {
    FakeSegmenter other = new FakeSegmenter("other", "sky", "tree", "road");

    EvaluationReport report =
        Evaluation.of(other, dataset(sample("a", new int[] {2, 0, 1, 1}, 0, 2, 1, VOID))).run();

    assertThat(report.confusion().count(2, 2)).isEqualTo(1);
    assertThat(report.confusion().count(0, 0)).isEqualTo(1);
    assertThat(report.confusion().count(1, ConfusionMatrix.VOID)).isEqualTo(2);
    assertThat(report.notes()).hasSize(2);
  }

  @Test
  void aPhotographThatFailsEndsTheRunWithItsMessage() {
    Sample good = sample("good", new int[] {0}, 0);

    IOException unreadable = new IOException("bad.jpg is cut short");
    assertThatThrownBy(
            () -> Evaluation.of(segmenter, dataset(good, failing("bad", unreadable))).run())
        .isSameAs(unreadable);
    RuntimeException engine = new InferenceException("the engine failed");
    assertThatThrownBy(() -> Evaluation.of(segmenter, dataset(failing("bad", engine), good)).run())
        .isSameAs(engine);
    assertThatThrownBy(
            () -> Evaluation.of(segmenter, dataset(sample("bad", new int[] {0, 7}, 0, 0))).run())
        .hasMessage("the truth has the category 7 at (1, 0); classes are 0 to 2, void is 255");
  }

  @Test
  void aFailureEndsTheRunSoon() {
    List<Sample> samples = new ArrayList<>(samples(1000));
    samples.set(0, failing("bad", new IOException("broken")));

    assertThatThrownBy(() -> Evaluation.of(segmenter, dataset(samples)).threads(2).run())
        .hasMessage("broken");
    assertThat(segmenter.calls()).isLessThan(1000);
  }

  @Test
  void namesThePhotographWhosePredictionHasAnotherSize() {
    assertThatThrownBy(
            () -> Evaluation.of(segmenter, dataset(sample("a", new int[] {0, 0}, 0, 0, 0))).run())
        .isInstanceOf(IOException.class)
        .hasMessage("the mask of a has 2 x 1 pixels, its prediction 3 x 1");
  }

  @Test
  void theListenerSeesEveryPhotographOnce() throws Exception {
    List<String> seen = new ArrayList<>(); // called by one thread at a time
    List<Sample> samples = samples(40);

    Evaluation.of(segmenter, dataset(samples))
        .threads(4)
        .onImage(result -> seen.add(result.name()))
        .run();

    assertThat(seen)
        .containsExactlyInAnyOrderElementsOf(samples.stream().map(Sample::name).toList());
  }

  @Test
  void resumesWithoutCountingAPhotographTwice() throws Exception {
    List<Sample> samples = samples(40);
    List<Sample> broken = new ArrayList<>(samples);
    String last = samples.get(39).name();
    broken.set(39, failing(last, new IOException("broken")));
    assertThatThrownBy(
            () -> Evaluation.of(segmenter, dataset(broken)).threads(1).report(folder).run())
        .hasMessage("broken");
    assertThat(folder.resolve("report.html")).doesNotExist();
    assertThat(Files.readAllLines(folder.resolve("images.jsonl"))).hasSize(1 + 39);

    int before = segmenter.calls();
    List<String> seen = new ArrayList<>();
    EvaluationReport report =
        Evaluation.of(segmenter, dataset(samples))
            .threads(1)
            .resume(folder)
            .onImage(result -> seen.add(result.name()))
            .run();

    assertThat(seen).containsExactly(last);
    assertThat(segmenter.calls() - before).isEqualTo(1 + EXAMPLES);
    assertThat(report.confusion()).isEqualTo(counted(samples));
    assertThat(EvaluationReport.read(folder, EmptyClasses.SKIP).confusion())
        .isEqualTo(report.confusion());
    assertThat(folder)
        .isDirectoryContaining("glob:**/report.html")
        .isDirectoryContaining("glob:**/report.json")
        .isDirectoryContaining("glob:**/classes.csv")
        .isDirectoryContaining("glob:**/images.csv");
  }

  @Test
  void resumingAFinishedRunGivesTheSameReport() throws Exception {
    Dataset dataset = dataset(samples(30));
    EvaluationReport first = Evaluation.of(segmenter, dataset).boundaries(2).report(folder).run();
    String html = Files.readString(folder.resolve("report.html"));
    int before = segmenter.calls();

    EvaluationReport again = Evaluation.of(segmenter, dataset).boundaries(2).resume(folder).run();

    assertThat(segmenter.calls() - before).isEqualTo(EXAMPLES);
    assertThat(again.toText()).isEqualTo(first.toText());
    assertThat(folder.resolve("report.html")).content().isEqualTo(html);
  }

  @Test
  void resumeStartsFromTheBeginningIfThereIsNoReport() throws Exception {
    Path missing = folder.resolve("not/yet");

    Evaluation.of(segmenter, dataset(samples(3))).resume(missing).run();

    assertThat(EvaluationReport.read(missing, EmptyClasses.SKIP).images()).hasSize(3);
  }

  @Test
  void reportStartsAnew() throws Exception {
    Evaluation.of(segmenter, dataset(samples(3))).report(folder).run();
    Evaluation.of(segmenter, dataset(samples(2))).report(folder).run();

    assertThat(EvaluationReport.read(folder, EmptyClasses.SKIP).images()).hasSize(2);
  }

  @Test
  void refusesToResumeWithOtherSettings() throws Exception {
    Dataset dataset = dataset(samples(3));
    Evaluation.of(segmenter, dataset).report(folder).run();
    byte[] journal = Files.readAllBytes(folder.resolve("images.jsonl"));

    FakeSegmenter other = new FakeSegmenter("other", "road", "car", "sky");
    assertThatThrownBy(() -> Evaluation.of(other, dataset).resume(folder).run())
        .isInstanceOf(IOException.class)
        .hasMessageContaining(
            "the predictors: tiny on fake Fake 1.0, cpu and other on fake Fake 1.0, cpu");
    ClassMap classes = ClassMap.byName(segmenter.model().labels(), dataset.labels());
    SegmentationOptions sharpened = SegmentationOptions.MASK_ONLY.withSharpening();
    assertThatThrownBy(
            () -> Evaluation.of(segmenter, dataset, classes, sharpened).resume(folder).run())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("and tiny on fake Fake 1.0, cpu, sharpened");
    assertThatThrownBy(() -> Evaluation.of(segmenter, dataset).boundaries(3).resume(folder).run())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("the widths of boundaries: none and 3");
    assertThat(other.calls()).isZero();
    assertThat(folder.resolve("images.jsonl")).hasBinaryContent(journal);
  }

  @Test
  void refusesToResumeWithOtherPhotographs() throws Exception {
    Evaluation.of(segmenter, dataset(sample("a", new int[] {0}, 0))).report(folder).run();

    assertThatThrownBy(
            () ->
                Evaluation.of(segmenter, dataset(sample("b", new int[] {0}, 0)))
                    .resume(folder)
                    .run())
        .isInstanceOf(IOException.class)
        .hasMessage(
            ("cannot resume the evaluation in %s: it has the photograph a, which the data set"
                    + " lacks. Resume with the same photographs, or write the report to another"
                    + " folder")
                .formatted(folder));
    assertThat(EvaluationReport.read(folder, EmptyClasses.SKIP).images()).hasSize(1);
  }

  @Test
  void theRuleForEmptyClassesIsThatOfTheReport() throws Exception {
    Dataset dataset = dataset(sample("a", new int[] {0, 0}, 0, 0));

    assertThat(Evaluation.of(segmenter, dataset).run().metrics().meanIou()).isEqualTo(1);
    assertThat(
            Evaluation.of(segmenter, dataset)
                .emptyClasses(EmptyClasses.ZERO)
                .run()
                .metrics()
                .meanIou())
        .isEqualTo(1 / 3.0);
  }

  @Test
  void readsPredictionsThatAnyProgramMade() throws Exception {
    int[] truth = {0, 0, 1, VOID};
    Dataset predictions = dataset(sample("b", new int[] {9}), sample("a", new int[] {0, 1, 1, 2}));

    EvaluationReport report =
        Evaluation.ofPredictions(predictions, dataset(sample("a", truth))).run();

    assertThat(report.confusion().total()).isEqualTo(3);
    assertThat(report.confusion().count(0, 1)).isEqualTo(1);
    assertThat(report.calibration()).isEmpty();
    assertThat(report.predictor()).isEqualTo("streets");
  }

  @Test
  void namesThePhotographWithoutPrediction() {
    Dataset predictions = dataset(sample("a", new int[] {0}));
    Dataset truth = dataset(sample("a", new int[] {0}), sample("b", new int[] {0}));

    assertThatThrownBy(() -> Evaluation.ofPredictions(predictions, truth).run())
        .isInstanceOf(IOException.class)
        .hasMessage(
            "streets has no prediction for b; limit the data set to the photographs that have one");
  }

  @Test
  void refusesPredictionsOfOtherClasses() {
    Dataset truth = dataset(sample("a", new int[] {0}));
    Dataset predictions =
        Dataset.of("p", LabelMap.of(List.of("road", "car")), Palette.voc(), truth.samples());

    assertThatThrownBy(() -> Evaluation.ofPredictions(predictions, truth))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "predictions and truth must have the same classes, found [road, car] and [road, car,"
                + " sky]");
  }

  @Test
  void refusesNumbersOutOfRange() {
    Evaluation evaluation = Evaluation.of(segmenter, dataset(samples(1)));

    assertThatThrownBy(() -> evaluation.threads(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("threads must be at least 1, found 0");
    assertThatThrownBy(() -> evaluation.boundaries(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("boundaries are at least 1 pixel wide, found 0");
  }

  @Test
  void interruptionEndsTheRunAndItsThreads() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    AtomicReference<Exception> end = new AtomicReference<>();
    AtomicReference<Boolean> released = new AtomicReference<>(false);
    Sample stuck =
        before(
            "stuck",
            () -> {
              begun.countDown();
              try {
                new CountDownLatch(1).await();
              } finally {
                released.set(true);
              }
              return 0;
            });
    Thread thread =
        new Thread(
            () -> {
              try {
                Evaluation.of(segmenter, dataset(stuck)).report(folder).run();
              } catch (Exception e) {
                end.set(e);
              }
            });
    thread.start();
    begun.await();
    thread.interrupt();
    thread.join();

    assertThat(end.get()).isInstanceOf(InterruptedException.class);
    assertThat(released.get()).isTrue();
    assertThat(Files.readAllLines(folder.resolve("images.jsonl"))).hasSize(1);
  }
}
