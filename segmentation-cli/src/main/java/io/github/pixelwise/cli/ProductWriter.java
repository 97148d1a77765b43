package io.github.pixelwise.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import io.github.pixelwise.AlphaMask;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.RuntimeInfo;
import io.github.pixelwise.SegmentationResult;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.imaging.PalettePng;
import io.github.pixelwise.imaging.Picture;
import io.github.pixelwise.postprocess.Alpha;
import io.github.pixelwise.postprocess.ClassStatistics;
import io.github.pixelwise.postprocess.Coloring;
import io.github.pixelwise.postprocess.GaussianBlur;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;

/** Writes the products of one segmented photograph. */
final class ProductWriter {
  private static final double OVERLAY_OPACITY = 0.5;
  private static final int OUTLINE_WIDTH = 3;
  private static final JsonFactory JSON = new JsonFactory();

  private final Cutout cutout;
  private final boolean outline;

  /**
   * How cut-outs are made.
   *
   * @param classes the categories to keep; empty keeps all but the background
   * @param feather the radius in pixels by which edges are softened
   * @param background what they are put on
   */
  record Cutout(List<Integer> classes, int feather, Background background) {
    AlphaMask alpha(SegmentationResult result) {
      AlphaMask alpha =
          classes.isEmpty()
              ? Alpha.foreground(result.mask(), result.labels())
              : Alpha.ofCategories(
                  result.mask(), classes.stream().mapToInt(Integer::intValue).toArray());
      return feather == 0
          ? alpha
          : Alpha.feather(alpha, GaussianBlur.ofKernelSize(2 * feather + 1));
    }
  }

  /**
   * @param cutout how cut-outs are made
   * @param outline whether the overlay shows the classes' outlines
   */
  ProductWriter(Cutout cutout, boolean outline) {
    this.cutout = cutout;
    this.outline = outline;
  }

  void write(
      Product product,
      OutputStream out,
      Picture photo,
      SegmentationResult result,
      Segmenter segmenter)
      throws IOException {
    switch (product) {
      case MASK -> PalettePng.write(result, out);
      case COLOR -> Images.writePng(Coloring.colorize(result), out);
      case OVERLAY -> Images.writePng(overlay(photo.onWhite(), result), out);
      case CUTOUT -> cutout.background().write(photo, cutout.alpha(result), out);
      case JSON -> report(out, result, segmenter);
    }
  }

  private RgbImage overlay(RgbImage photo, SegmentationResult result) {
    RgbImage overlay = Coloring.overlay(photo, result, OVERLAY_OPACITY);
    return outline ? Coloring.outline(overlay, result, OUTLINE_WIDTH) : overlay;
  }

  private static void report(OutputStream out, SegmentationResult result, Segmenter segmenter)
      throws IOException {
    RuntimeInfo runtime = segmenter.runtime();
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.setPrettyPrinter(new DefaultPrettyPrinter());
      json.writeStartObject();
      json.writeStringField("model", segmenter.model().name());
      json.writeStringField("backend", runtime.backend());
      json.writeStringField("engine", runtime.version());
      json.writeStringField("device", runtime.device().toString());
      json.writeNumberField("width", result.mask().width());
      json.writeNumberField("height", result.mask().height());
      json.writeObjectFieldStart("milliseconds");
      writeMillis(json, "preprocessing", result.timings().preprocessing());
      writeMillis(json, "inference", result.timings().inference());
      writeMillis(json, "decoding", result.timings().decoding());
      json.writeEndObject();
      json.writeArrayFieldStart("classes");
      for (ClassStatistics entry : ClassStatistics.of(result.mask(), result.labels())) {
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
      json.writeEndArray();
      json.writeEndObject();
    }
  }

  private static void writeMillis(JsonGenerator json, String name, Duration time)
      throws IOException {
    json.writeNumberField(name, Math.round(time.toNanos() / 1e3) / 1e3);
  }
}
