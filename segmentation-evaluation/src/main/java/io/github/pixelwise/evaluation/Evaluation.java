package io.github.pixelwise.evaluation;

import io.github.pixelwise.SegmentationOptions;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.evaluation.dataset.Dataset;
import io.github.pixelwise.evaluation.dataset.Sample;
import io.github.pixelwise.evaluation.internal.ReportFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Compares predicted masks with a data set's true ones, pixel by pixel.
 *
 * <pre>{@code
 * Dataset dataset = Dataset.read(Path.of("voc.dataset.properties"));
 * try (Segmenter segmenter = Segmenter.open()) {
 *   EvaluationReport report = Evaluation.of(segmenter, dataset).run();
 *   System.out.println(report.metrics().meanIou());
 * }
 * }</pre>
 *
 * <p>Of each photograph only a small {@link ImageResult} is kept. Not safe for use by several
 * threads.
 */
public final class Evaluation {
  private final Dataset dataset;
  private final Predictor predictor;
  private final List<String> notes;
  private EmptyClasses rule = EmptyClasses.SKIP;
  private Optional<Boundary> boundary = Optional.empty();
  private boolean calibration;
  private int threads = Runtime.getRuntime().availableProcessors();
  private @Nullable Path folder;
  private boolean resume;
  private Consumer<ImageResult> listener = result -> {};

  private Evaluation(Dataset dataset, Predictor predictor, List<String> notes) {
    this.dataset = dataset;
    this.predictor = predictor;
    this.notes = notes;
  }

  /**
   * Starts the evaluation of a model whose classes are paired with the data set's by name.
   *
   * @param segmenter the model, which stays open
   * @param dataset the photographs and their true masks
   * @return the evaluation, to be {@link #run}
   * @throws IllegalArgumentException if model and data set have no class in common
   */
  public static Evaluation of(Segmenter segmenter, Dataset dataset) {
    return of(segmenter, dataset, ClassMap.byName(segmenter.model().labels(), dataset.labels()));
  }

  /**
   * Starts the evaluation of a model.
   *
   * @param segmenter the model, which stays open
   * @param dataset the photographs and their true masks
   * @param classes which class of the data set each of the model's classes is
   * @return the evaluation, to be {@link #run}
   */
  public static Evaluation of(Segmenter segmenter, Dataset dataset, ClassMap classes) {
    return of(segmenter, dataset, classes, SegmentationOptions.MASK_ONLY);
  }

  /**
   * Starts the evaluation of a model that decides in another way than by default.
   *
   * @param segmenter the model, which stays open
   * @param dataset the photographs and their true masks
   * @param classes which class of the data set each of the model's classes is
   * @param options how the model decides, without a relabeling, with masks of the photographs' size
   * @return the evaluation, to be {@link #run}
   */
  public static Evaluation of(
      Segmenter segmenter, Dataset dataset, ClassMap classes, SegmentationOptions options) {
    return new Evaluation(dataset, Predictor.of(segmenter, classes, options), classes.notes());
  }

  /**
   * Starts the evaluation of masks that any program made.
   *
   * @param predictions a data set whose masks are the predictions; its classes are those of {@code
   *     dataset}, and its samples have the same names
   * @param dataset the true masks
   * @return the evaluation, to be {@link #run}
   * @throws IllegalArgumentException if the classes differ
   */
  public static Evaluation ofPredictions(Dataset predictions, Dataset dataset) {
    if (!predictions.labels().names().equals(dataset.labels().names())) {
      throw new IllegalArgumentException(
          "predictions and truth must have the same classes, found %s and %s"
              .formatted(predictions.labels().names(), dataset.labels().names()));
    }
    return new Evaluation(dataset, Predictor.of(predictions), List.of());
  }

  /**
   * Sets what a metric is for a class without pixels, {@link EmptyClasses#SKIP} unless called.
   *
   * @param rule the rule
   * @return this evaluation
   */
  public Evaluation emptyClasses(EmptyClasses rule) {
    this.rule = Objects.requireNonNull(rule, "rule");
    return this;
  }

  /**
   * Also measures boundaries: 2 % of the image's diagonal wide for the boundary IoU, and with a
   * tolerance of 0.75 % of it for the F-score, as their authors do.
   *
   * @return this evaluation
   */
  public Evaluation boundaries() {
    boundary = Optional.of(new Boundary(OptionalInt.empty()));
    return this;
  }

  /**
   * Also measures boundaries.
   *
   * @param pixels the width for the boundary IoU and the tolerance for the F-score, at least 1
   * @return this evaluation
   * @throws IllegalArgumentException if the width is below 1
   */
  public Evaluation boundaries(int pixels) {
    if (pixels < 1) {
      throw new IllegalArgumentException("boundaries are at least 1 pixel wide, found " + pixels);
    }
    boundary = Optional.of(new Boundary(OptionalInt.of(pixels)));
    return this;
  }

  /**
   * Also measures how far the model's confidence can be trusted. Computing the confidence of every
   * pixel takes about 40 % of the time of a small network.
   *
   * @return this evaluation
   * @throws IllegalArgumentException if predictions come without confidence
   */
  public Evaluation calibration() {
    if (!predictor.hasConfidence()) {
      throw new IllegalArgumentException(
          predictor.name() + " gives classes without scores, so there is no confidence to measure");
    }
    calibration = true;
    return this;
  }

  /**
   * Sets how many photographs are worked on at once, as many as there are processors unless called.
   *
   * @param threads the number, at least 1
   * @return this evaluation
   * @throws IllegalArgumentException if it is below 1
   */
  public Evaluation threads(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads must be at least 1, found " + threads);
    }
    this.threads = threads;
    return this;
  }

  /**
   * Writes a report to a folder: {@code report.html}, {@code report.json}, {@code classes.csv},
   * {@code images.csv}, and {@code images.jsonl}, which grows photograph by photograph.
   *
   * @param folder the folder, which is made if it is missing
   * @return this evaluation
   */
  public Evaluation report(Path folder) {
    this.folder = Objects.requireNonNull(folder, "folder");
    resume = false;
    return this;
  }

  /**
   * Goes on with a report that was broken off: photographs whose results are in the folder's {@code
   * images.jsonl} are not evaluated again. Starts from the beginning if there is no such file.
   *
   * @param folder the folder of the report
   * @return this evaluation
   */
  public Evaluation resume(Path folder) {
    this.folder = Objects.requireNonNull(folder, "folder");
    resume = true;
    return this;
  }

  /**
   * Adds what sees the result of each photograph, as soon as it is there, in any order.
   *
   * @param listener called by one thread at a time
   * @return this evaluation
   */
  public Evaluation onImage(Consumer<ImageResult> listener) {
    this.listener = this.listener.andThen(listener);
    return this;
  }

  /**
   * Evaluates all photographs. The first that fails ends the evaluation: a number without it would
   * not be that of the data set.
   *
   * @return the outcome
   * @throws IOException if a photograph or a mask cannot be read, or does not fit the data set, or
   *     the report cannot be written; the message names the file
   * @throws InterruptedException if the calling thread is interrupted
   * @throws io.github.pixelwise.InferenceException if the engine fails
   */
  public EvaluationReport run() throws IOException, InterruptedException {
    RunInfo info =
        new RunInfo(
            dataset.name(),
            dataset.samples().size(),
            predictor.name(),
            dataset.labels(),
            dataset.palette(),
            boundary.map(Boundary::toString).orElse("none"),
            calibration,
            notes);
    ImageEvaluator evaluator =
        new ImageEvaluator(dataset.labels(), predictor, boundary, calibration);
    if (folder == null) {
      return new EvaluationReport(
          info, rule, new EvaluationRun(dataset, evaluator, threads, listener).results(List.of()));
    }
    try (Journal journal = resume ? Journal.resume(folder, info) : Journal.create(folder, info)) {
      requireKnown(journal.done(), folder);
      EvaluationReport report =
          new EvaluationReport(
              info,
              rule,
              new EvaluationRun(dataset, evaluator, threads, listener.andThen(journal::append))
                  .results(journal.done()));
      ReportFiles.write(report, folder, evaluator.examples(dataset, report));
      return report;
    } catch (UncheckedIOException e) {
      throw e.getCause(); // the journal's
    }
  }

  private void requireKnown(List<ImageResult> done, Path folder) throws IOException {
    Set<String> names = dataset.samples().stream().map(Sample::name).collect(Collectors.toSet());
    for (ImageResult image : done) {
      if (!names.contains(image.name())) {
        throw new IOException(
            ("cannot resume the evaluation in %s: it has the photograph %s, which the data set"
                    + " lacks. Resume with the same photographs, or write the report to another"
                    + " folder")
                .formatted(folder, image.name()));
      }
    }
  }
}
