package io.github.pixelwise.products;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import io.github.pixelwise.RuntimeInfo;
import io.github.pixelwise.SegmentationResult;
import io.github.pixelwise.TestTimeAugmentation;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.postprocess.ClassStatistics;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;

/** The JSON report on a photograph: what was found, and by which model and engine. */
final class Report {
  private static final JsonFactory JSON =
      JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();

  private Report() {}

  static void write(
      SegmentationResult result,
      Recipe recipe,
      ModelCard model,
      RuntimeInfo runtime,
      OutputStream out)
      throws IOException {
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.setPrettyPrinter(new DefaultPrettyPrinter());
      json.writeStartObject();
      json.writeStringField("model", model.name());
      json.writeStringField("backend", runtime.backend());
      json.writeStringField("engine", runtime.version());
      json.writeStringField("device", runtime.device().toString());
      if (!runtime.augmentation().equals(TestTimeAugmentation.NONE)) {
        json.writeStringField("augmentation", runtime.augmentation().toString());
      }
      if (recipe.sharpened()) {
        json.writeBooleanField("sharpened", true);
      }
      if (recipe.tiles().isPresent()) {
        json.writeObjectFieldStart("tiles");
        json.writeNumberField("size", recipe.tiles().get().size());
        json.writeNumberField("overlap", recipe.tiles().get().overlap());
        json.writeEndObject();
      }
      json.writeNumberField("width", result.mask().width());
      json.writeNumberField("height", result.mask().height());
      json.writeObjectFieldStart("milliseconds");
      writeMillis(json, "preprocessing", result.timings().preprocessing());
      writeMillis(json, "inference", result.timings().inference());
      writeMillis(json, "decoding", result.timings().decoding());
      json.writeEndObject();
      json.writeArrayFieldStart("classes");
      for (ClassStatistics entry : ClassStatistics.of(result.mask(), result.labels())) {
        writeClass(json, entry);
      }
      json.writeEndArray();
      json.writeEndObject();
    }
  }

  private static void writeMillis(JsonGenerator json, String name, Duration time)
      throws IOException {
    json.writeNumberField(name, Math.round(time.toNanos() / 1e3) / 1e3);
  }

  private static void writeClass(JsonGenerator json, ClassStatistics entry) throws IOException {
    json.writeStartObject();
    json.writeNumberField("id", entry.category());
    json.writeStringField("name", entry.name());
    json.writeNumberField("pixels", entry.pixels());
    json.writeNumberField("share", entry.share());
    json.writeObjectFieldStart("box");
    json.writeNumberField("x", entry.box().x());
    json.writeNumberField("y", entry.box().y());
    json.writeNumberField("width", entry.box().width());
    json.writeNumberField("height", entry.box().height());
    json.writeEndObject();
    json.writeEndObject();
  }
}
