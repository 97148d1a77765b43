package io.github.pixelwise.evaluation;

import io.github.pixelwise.LabelMap;
import io.github.pixelwise.Palette;
import io.github.pixelwise.evaluation.internal.ReportText;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The outcome of an {@link Evaluation}. Immutable. */
public final class EvaluationReport {
  private final RunInfo info;
  private final EmptyClasses rule;
  private final List<ImageResult> images;
  private final ConfusionMatrix confusion;

  EvaluationReport(RunInfo info, EmptyClasses rule, List<ImageResult> images) {
    this.info = info;
    this.rule = rule;
    this.images = List.copyOf(images);
    confusion = ConfusionMatrix.of(info.labels());
    images.forEach(image -> image.addTo(confusion));
  }

  /**
   * Reads the report of an evaluation that came to its end, from its {@code images.jsonl}.
   *
   * @param folder the folder that {@link Evaluation#report} wrote to
   * @param rule what a metric is for a class without pixels
   * @return the report, its images sorted by name
   * @throws IOException if the folder has no report, or the report is damaged or lacks photographs;
   *     the message names the folder
   */
  public static EvaluationReport read(Path folder, EmptyClasses rule) throws IOException {
    return Journal.read(folder, Objects.requireNonNull(rule, "rule"));
  }

  /** {@return the data set's name} */
  public String dataset() {
    return info.dataset();
  }

  /** {@return what made the predictions: the model, backend and device, or a folder} */
  public String predictor() {
    return info.predictor();
  }

  /** {@return the data set's classes} */
  public LabelMap labels() {
    return info.labels();
  }

  /** {@return the colors of the classes} */
  public Palette palette() {
    return info.palette();
  }

  /**
   * {@return what a reader must know to understand the numbers, such as classes that one side
   * lacks}
   */
  public List<String> notes() {
    return info.notes();
  }

  /** {@return the counts of all images; a copy} */
  public ConfusionMatrix confusion() {
    ConfusionMatrix copy = ConfusionMatrix.of(labels());
    copy.add(confusion);
    return copy;
  }

  /** {@return the metrics of all images} */
  public SegmentationMetrics metrics() {
    return confusion.metrics(rule);
  }

  /** {@return the metrics of boundaries; empty unless they were asked for} */
  public Optional<BoundaryMetrics> boundary() {
    List<BoundaryCounts> counts =
        images.stream().flatMap(image -> image.boundary().stream()).toList();
    return counts.isEmpty()
        ? Optional.empty()
        : Optional.of(new BoundaryMetrics(labels().size(), counts, rule));
  }

  /** {@return how far the confidence can be trusted; empty if predictions came without it} */
  public Optional<Calibration> calibration() {
    List<Calibration> parts =
        images.stream().flatMap(image -> image.calibration().stream()).toList();
    return parts.isEmpty() ? Optional.empty() : Optional.of(Calibration.sum(parts));
  }

  /** {@return the results of each image, in the order of the data set, or by name if read} */
  public List<ImageResult> images() {
    return images;
  }

  /**
   * Returns the report as text for a terminal: the metrics of each class and their means, with
   * their rules.
   *
   * @return lines of at most 100 columns, each with its line break
   */
  public String toText() {
    return ReportText.of(this);
  }

  RunInfo info() {
    return info;
  }

  /** {@return what a metric is for a class without pixels} */
  public EmptyClasses rule() {
    return rule;
  }

  /** {@return how wide boundaries are: pixels, {@code auto}, or {@code none}} */
  public String boundaryWidth() {
    return info.boundary();
  }

  /** The data set, the predictor and the metrics. */
  @Override
  public String toString() {
    return "EvaluationReport[%s on %s, %s]".formatted(predictor(), dataset(), metrics());
  }
}
