package io.github.pixelwise.evaluation.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.pixelwise.evaluation.Comparison;
import io.github.pixelwise.evaluation.Difference;
import io.github.pixelwise.evaluation.EvaluationReport;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** A comparison as JSON. */
public final class ComparisonJson {
  private static final int VERSION = 1;

  private ComparisonJson() {}

  public static void write(Comparison comparison, OutputStream out) throws IOException {
    try (JsonGenerator json = Json.generator(out)) {
      json.writeStartObject();
      json.writeNumberField("version", VERSION);
      run(json, "a", comparison.a());
      run(json, "b", comparison.b());
      json.writeNumberField("photographs", comparison.images().size());
      names(json, "onlyA", comparison.onlyA());
      names(json, "onlyB", comparison.onlyB());
      json.writeObjectFieldStart("rules");
      json.writeStringField("emptyClasses", comparison.a().rule().word());
      json.writeStringField("means", Rules.of(comparison.a().rule()));
      json.writeStringField("void", Rules.VOID);
      json.writeStringField("images", Rules.IMAGES);
      json.writeStringField(
          "interval", "95 % percentile interval of a paired bootstrap over images");
      json.writeNumberField("resamples", Comparison.RESAMPLES);
      json.writeNumberField("seed", Comparison.SEED);
      json.writeEndObject();
      difference(json, "meanIou", comparison.meanIou());
      difference(json, "pixelAccuracy", comparison.pixelAccuracy());
      json.writeArrayFieldStart("classes");
      for (Comparison.ClassChange change : comparison.classes()) {
        json.writeStartObject();
        json.writeNumberField("id", change.category());
        json.writeStringField("name", change.name());
        Json.number(json, "iouA", change.a());
        Json.number(json, "iouB", change.b());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeArrayFieldStart("images");
      for (Comparison.ImageChange change : comparison.images()) {
        json.writeStartObject();
        json.writeStringField("name", change.name());
        Json.number(json, "meanIouA", change.meanIouA());
        Json.number(json, "meanIouB", change.meanIouB());
        Json.number(json, "pixelAccuracyA", change.pixelAccuracyA());
        Json.number(json, "pixelAccuracyB", change.pixelAccuracyB());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    }
  }

  private static void run(JsonGenerator json, String name, EvaluationReport report)
      throws IOException {
    json.writeObjectFieldStart(name);
    json.writeStringField("dataset", report.dataset());
    json.writeStringField("predictor", report.predictor());
    json.writeEndObject();
  }

  private static void names(JsonGenerator json, String name, List<String> names)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (String value : names) {
      json.writeString(value);
    }
    json.writeEndArray();
  }

  private static void difference(JsonGenerator json, String name, Difference metric)
      throws IOException {
    json.writeObjectFieldStart(name);
    Json.number(json, "a", metric.a());
    Json.number(json, "b", metric.b());
    Json.number(json, "change", metric.change());
    Json.number(json, "low", metric.low());
    Json.number(json, "high", metric.high());
    json.writeEndObject();
  }
}
