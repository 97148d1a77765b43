package io.github.pixelwise.evaluation.internal;

import io.github.pixelwise.evaluation.BoundaryMetrics;
import io.github.pixelwise.evaluation.ConfusionMatrix;
import io.github.pixelwise.evaluation.EvaluationReport;
import io.github.pixelwise.evaluation.SegmentationMetrics;
import io.github.pixelwise.evaluation.internal.html.Numbers;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A report as text for a terminal. */
public final class ReportText {
  private ReportText() {}

  public static String of(EvaluationReport report) {
    SegmentationMetrics metrics = report.metrics();
    Optional<BoundaryMetrics> boundary = report.boundary();
    StringBuilder text = new StringBuilder();
    text.append(
        TextTable.wrapped(
            "%s on %s, %s"
                .formatted(
                    report.predictor(),
                    report.dataset(),
                    Numbers.count(report.images().size(), "photograph", "photographs"))));
    text.append('\n').append(classes(report, metrics, boundary)).append('\n');
    TextTable means = new TextTable();
    mean(means, "pixel accuracy", metrics.pixelAccuracy());
    mean(means, "frequency-weighted IoU", metrics.frequencyWeightedIou());
    mean(means, "Cohen's kappa", metrics.kappa());
    report
        .calibration()
        .ifPresent(
            calibration -> mean(means, "expected calibration error", calibration.expectedError()));
    text.append(means).append('\n');
    text.append(TextTable.wrapped(Rules.of(metrics.rule())));
    text.append(TextTable.wrapped(Rules.VOID));
    boundary.ifPresent(
        metric -> text.append(TextTable.wrapped(Rules.boundary(report.boundaryWidth()))));
    report.notes().forEach(note -> text.append(TextTable.wrapped(note)));
    return text.toString();
  }

  private static TextTable classes(
      EvaluationReport report, SegmentationMetrics metrics, Optional<BoundaryMetrics> boundary) {
    ConfusionMatrix confusion = report.confusion();
    TextTable table = new TextTable();
    List<String> header = new ArrayList<>(List.of("class", "IoU", "Dice", "recall", "precision"));
    boundary.ifPresent(metric -> header.addAll(List.of("boundary IoU", "boundary F")));
    header.add("pixels");
    table.row(header);
    for (int category = 0; category < metrics.classes(); category++) {
      List<String> row = new ArrayList<>();
      row.add(report.labels().name(category));
      row.add(Numbers.score(metrics.iou(category)));
      row.add(Numbers.score(metrics.dice(category)));
      row.add(Numbers.score(metrics.recall(category)));
      row.add(Numbers.score(metrics.precision(category)));
      if (boundary.isPresent()) {
        row.add(Numbers.score(boundary.get().iou(category)));
        row.add(Numbers.score(boundary.get().fScore(category)));
      }
      row.add(Numbers.count(confusion.truth(category)));
      table.row(row);
    }
    List<String> means = new ArrayList<>();
    means.add("mean (%s)".formatted(metrics.rule().word()));
    means.add(Numbers.score(metrics.meanIou()));
    means.add(Numbers.score(metrics.meanDice()));
    means.add(Numbers.score(metrics.meanAccuracy()));
    means.add(Numbers.score(metrics.meanPrecision()));
    if (boundary.isPresent()) {
      means.add(Numbers.score(boundary.get().meanIou()));
      means.add(Numbers.score(boundary.get().meanFScore()));
    }
    means.add(Numbers.count(confusion.total()));
    table.row(means);
    return table;
  }

  private static void mean(TextTable table, String name, double value) {
    table.row(List.of(name, Numbers.score(value)));
  }
}
