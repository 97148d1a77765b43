package io.github.pixelwise.evaluation.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.pixelwise.evaluation.BoundaryMetrics;
import io.github.pixelwise.evaluation.Calibration;
import io.github.pixelwise.evaluation.ConfusionMatrix;
import io.github.pixelwise.evaluation.EvaluationReport;
import io.github.pixelwise.evaluation.SegmentationMetrics;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

/** A report as JSON: all numbers but those of single images, with their rules. */
public final class ReportJson {
  private static final int VERSION = 1;

  private final EvaluationReport report;
  private final SegmentationMetrics metrics;
  private final Optional<BoundaryMetrics> boundary;
  private final ConfusionMatrix confusion;
  private final JsonGenerator json;

  private ReportJson(EvaluationReport report, JsonGenerator json) {
    this.report = report;
    this.json = json;
    metrics = report.metrics();
    boundary = report.boundary();
    confusion = report.confusion();
  }

  static void write(EvaluationReport report, OutputStream out) throws IOException {
    try (JsonGenerator json = Json.generator(out)) {
      new ReportJson(report, json).write();
    }
  }

  private void write() throws IOException {
    json.writeStartObject();
    json.writeNumberField("version", VERSION);
    json.writeStringField("dataset", report.dataset());
    json.writeStringField("predictor", report.predictor());
    json.writeNumberField("photographs", report.images().size());
    json.writeNumberField("pixels", confusion.total());
    writeRules();
    json.writeArrayFieldStart("notes");
    for (String note : report.notes()) {
      json.writeString(note);
    }
    json.writeEndArray();
    json.writeObjectFieldStart("metrics");
    Json.number(json, "meanIou", metrics.meanIou());
    Json.number(json, "meanDice", metrics.meanDice());
    Json.number(json, "meanAccuracy", metrics.meanAccuracy());
    Json.number(json, "meanPrecision", metrics.meanPrecision());
    Json.number(json, "pixelAccuracy", metrics.pixelAccuracy());
    Json.number(json, "frequencyWeightedIou", metrics.frequencyWeightedIou());
    Json.number(json, "kappa", metrics.kappa());
    if (boundary.isPresent()) {
      Json.number(json, "meanBoundaryIou", boundary.get().meanIou());
      Json.number(json, "meanBoundaryFScore", boundary.get().meanFScore());
    }
    if (report.calibration().isPresent()) {
      Json.number(json, "expectedCalibrationError", report.calibration().get().expectedError());
    }
    json.writeEndObject();
    json.writeArrayFieldStart("classes");
    for (int category = 0; category < metrics.classes(); category++) {
      writeClass(category);
    }
    json.writeEndArray();
    writeConfusion();
    if (report.calibration().isPresent()) {
      writeBins(report.calibration().get());
    }
    json.writeEndObject();
  }

  private void writeRules() throws IOException {
    json.writeObjectFieldStart("rules");
    json.writeStringField("emptyClasses", metrics.rule().word());
    json.writeStringField("means", Rules.of(metrics.rule()));
    json.writeStringField("void", Rules.VOID);
    if (boundary.isPresent()) {
      json.writeStringField("boundary", Rules.boundary(report.boundaryWidth()));
    }
    if (report.calibration().isPresent()) {
      json.writeStringField("calibration", Rules.CALIBRATION);
    }
    json.writeEndObject();
  }

  private void writeClass(int category) throws IOException {
    json.writeStartObject();
    json.writeNumberField("id", category);
    json.writeStringField("name", report.labels().name(category));
    json.writeNumberField("truePixels", confusion.truth(category));
    json.writeNumberField("predictedPixels", confusion.predicted(category));
    json.writeNumberField("rightPixels", confusion.count(category, category));
    Json.number(json, "iou", metrics.iou(category));
    Json.number(json, "dice", metrics.dice(category));
    Json.number(json, "recall", metrics.recall(category));
    Json.number(json, "precision", metrics.precision(category));
    if (boundary.isPresent()) {
      Json.number(json, "boundaryIou", boundary.get().iou(category));
      Json.number(json, "boundaryFScore", boundary.get().fScore(category));
    }
    json.writeEndObject();
  }

  private void writeConfusion() throws IOException {
    json.writeObjectFieldStart("confusion");
    json.writeStringField(
        "layout", "a row for each true class, a column for each predicted class, and one for void");
    json.writeArrayFieldStart("pixels");
    for (int truth = 0; truth < confusion.classes(); truth++) {
      json.writeStartArray();
      for (int prediction = 0; prediction < confusion.classes(); prediction++) {
        json.writeNumber(confusion.count(truth, prediction));
      }
      json.writeNumber(confusion.count(truth, ConfusionMatrix.VOID));
      json.writeEndArray();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private void writeBins(Calibration calibration) throws IOException {
    json.writeArrayFieldStart("calibration");
    for (int bin = 0; bin < Calibration.BINS; bin++) {
      json.writeStartObject();
      json.writeNumberField("from", (double) bin / Calibration.BINS);
      json.writeNumberField("to", (bin + 1.0) / Calibration.BINS);
      json.writeNumberField("pixels", calibration.pixels(bin));
      Json.number(json, "confidence", calibration.confidence(bin));
      Json.number(json, "accuracy", calibration.accuracy(bin));
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
