package io.github.pixelwise.evaluation.internal;

import io.github.pixelwise.evaluation.BoundaryMetrics;
import io.github.pixelwise.evaluation.ConfusionMatrix;
import io.github.pixelwise.evaluation.EvaluationReport;
import io.github.pixelwise.evaluation.ImageResult;
import io.github.pixelwise.evaluation.SegmentationMetrics;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A report's tables as CSV (RFC 4180) with a header; a cell is empty where there is no number. */
public final class ReportCsv {
  private ReportCsv() {}

  /** A line for each class. */
  static String classes(EvaluationReport report) {
    ConfusionMatrix confusion = report.confusion();
    SegmentationMetrics metrics = report.metrics();
    Optional<BoundaryMetrics> boundary = report.boundary();
    StringBuilder csv = new StringBuilder();
    List<Object> header =
        new ArrayList<>(
            List.of(
                "id",
                "name",
                "true_pixels",
                "predicted_pixels",
                "right_pixels",
                "iou",
                "dice",
                "recall",
                "precision"));
    boundary.ifPresent(metric -> header.addAll(List.of("boundary_iou", "boundary_f_score")));
    line(csv, header);
    for (int category = 0; category < metrics.classes(); category++) {
      List<Object> cells = new ArrayList<>();
      cells.add(category);
      cells.add(report.labels().name(category));
      cells.add(confusion.truth(category));
      cells.add(confusion.predicted(category));
      cells.add(confusion.count(category, category));
      cells.add(metrics.iou(category));
      cells.add(metrics.dice(category));
      cells.add(metrics.recall(category));
      cells.add(metrics.precision(category));
      if (boundary.isPresent()) {
        cells.add(boundary.get().iou(category));
        cells.add(boundary.get().fScore(category));
      }
      line(csv, cells);
    }
    return csv.toString();
  }

  /** A line for each image, in the report's order. */
  static String images(EvaluationReport report) {
    boolean bounded = report.boundary().isPresent();
    boolean calibrated = report.calibration().isPresent();
    StringBuilder csv = new StringBuilder();
    List<Object> header =
        new ArrayList<>(
            List.of("name", "width", "height", "counted_pixels", "pixel_accuracy", "mean_iou"));
    if (bounded) {
      header.addAll(List.of("boundary_iou", "boundary_f_score"));
    }
    if (calibrated) {
      header.add("expected_calibration_error");
    }
    line(csv, header);
    for (ImageResult image : report.images()) {
      List<Object> cells = new ArrayList<>();
      cells.add(image.name());
      cells.add(image.width());
      cells.add(image.height());
      cells.add(image.pixels());
      cells.add(image.pixelAccuracy());
      cells.add(image.meanIou());
      image
          .boundaryMetrics(report.labels().size())
          .ifPresent(
              boundary -> {
                cells.add(boundary.meanIou());
                cells.add(boundary.meanFScore());
              });
      image.calibration().ifPresent(calibration -> cells.add(calibration.expectedError()));
      line(csv, cells);
    }
    return csv.toString();
  }

  private static void line(StringBuilder csv, List<?> cells) {
    csv.append(cells.stream().map(ReportCsv::cell).collect(Collectors.joining(","))).append('\n');
  }

  private static String cell(Object value) {
    if (value instanceof Double number && !Double.isFinite(number)) {
      return "";
    }
    String text = value.toString();
    return text.chars().anyMatch(c -> ",\"\r\n".indexOf(c) >= 0)
        ? '"' + text.replace("\"", "\"\"") + '"'
        : text;
  }
}
