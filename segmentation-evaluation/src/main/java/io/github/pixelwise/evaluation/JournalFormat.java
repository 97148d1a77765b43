package io.github.pixelwise.evaluation;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.github.pixelwise.LabelMap;
import io.github.pixelwise.Palette;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The lines of a {@link Journal}: the first one is a {@link RunInfo}, each other one an {@link
 * ImageResult}. What reads throws an {@link IllegalArgumentException} that says what is wrong with
 * the line.
 */
final class JournalFormat {
  private static final String NAME = "pixelwise-evaluation";

  /** Grows when older versions of this class cannot read what it writes. */
  private static final int VERSION = 1;

  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private JournalFormat() {}

  static String write(RunInfo info) throws IOException {
    return object(
        json -> {
          json.writeStringField("format", NAME);
          json.writeNumberField("version", VERSION);
          json.writeStringField("dataset", info.dataset());
          json.writeNumberField("samples", info.samples());
          json.writeStringField("predictor", info.predictor());
          write(json, "classes", info.labels().names());
          write(json, "colors", info.colors());
          json.writeNumberField("ignoreIndex", info.labels().ignoreIndex());
          json.writeStringField("boundary", info.boundary());
          json.writeBooleanField("calibration", info.calibration());
          write(json, "notes", info.notes());
        });
  }

  static String write(ImageResult image) throws IOException {
    return object(
        json -> {
          json.writeStringField("name", image.name());
          json.writeNumberField("width", image.width());
          json.writeNumberField("height", image.height());
          write(json, "cells", image.cells());
          if (image.boundary().isPresent()) {
            write(json, "boundary", image.boundary().get().toLongs());
          }
          if (image.calibration().isPresent()) {
            write(json, "calibration", image.calibration().get().toLongs());
          }
        });
  }

  static RunInfo readInfo(String line) {
    Fields fields = Fields.parse(line);
    if (!fields.values.getOrDefault("format", "").equals(NAME)) {
      throw new IllegalArgumentException("it is not the journal of an evaluation");
    }
    if (fields.number("version") != VERSION) {
      throw new IllegalArgumentException(
          "it has version %d of its format; this program reads version %d"
              .formatted(fields.number("version"), VERSION));
    }
    List<String> names = fields.strings("classes");
    List<Integer> colors =
        fields.strings("colors").stream()
            .map(color -> Integer.parseInt(color.substring(1), 16))
            .toList();
    return new RunInfo(
        fields.string("dataset"),
        fields.integer("samples"),
        fields.string("predictor"),
        LabelMap.of(names, fields.integer("ignoreIndex")),
        Palette.of(colors),
        fields.string("boundary"),
        fields.value("calibration", Boolean.class),
        fields.strings("notes"));
  }

  static ImageResult readImage(String line, RunInfo info) {
    Fields fields = Fields.parse(line);
    ImageResult image =
        new ImageResult(
            fields.string("name"),
            fields.integer("width"),
            fields.integer("height"),
            cells(fields.longs("cells"), info.labels().size()),
            info.boundary().equals("none")
                ? Optional.empty()
                : Optional.of(boundary(fields.longs("boundary"), info.labels().size())),
            info.calibration()
                ? Optional.of(Calibration.ofLongs(fields.longs("calibration")))
                : Optional.empty());
    if (image.pixels() > (long) image.width() * image.height()) {
      throw new IllegalArgumentException(
          "%s has %d x %d pixels, but %d are counted"
              .formatted(image.name(), image.width(), image.height(), image.pixels()));
    }
    return image;
  }

  private static long[] cells(long[] cells, int classes) {
    if (cells.length % 3 != 0) {
      throw new IllegalArgumentException("cells come in threes, found " + cells.length);
    }
    for (int i = 0; i < cells.length; i += 3) {
      if (cells[i] < 0
          || cells[i] >= classes
          || cells[i + 1] < ConfusionMatrix.VOID
          || cells[i + 1] >= classes
          || cells[i + 2] < 0) {
        throw new IllegalArgumentException(
            "%d pixels of class %d as class %d cannot be, with %d classes"
                .formatted(cells[i + 2], cells[i], cells[i + 1], classes));
      }
    }
    return cells;
  }

  private static BoundaryCounts boundary(long[] longs, int classes) {
    BoundaryCounts counts = BoundaryCounts.ofLongs(longs);
    counts.forEach(
        (category, intersection, union, fScore) -> Objects.checkIndex(category, classes));
    return counts;
  }

  @FunctionalInterface
  private interface Content {
    void writeTo(JsonGenerator json) throws IOException;
  }

  private static String object(Content content) throws IOException {
    StringWriter line = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(line)) {
      json.writeStartObject();
      content.writeTo(json);
      json.writeEndObject();
    }
    return line.toString();
  }

  private static void write(JsonGenerator json, String name, long[] values) throws IOException {
    json.writeFieldName(name);
    json.writeArray(values, 0, values.length);
  }

  private static void write(JsonGenerator json, String name, List<String> values)
      throws IOException {
    json.writeFieldName(name);
    json.writeArray(values.toArray(String[]::new), 0, values.size());
  }

  /** The fields of a flat object: text, whole numbers, truth values, and lists of these. */
  private static final class Fields {
    private final Map<String, Object> values = new HashMap<>();

    static Fields parse(String line) {
      Fields fields = new Fields();
      try (JsonParser json = JSON.createParser(line)) {
        require(json.nextToken() == JsonToken.START_OBJECT);
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
          json.nextToken();
          fields.values.put(name, value(json));
        }
        require(json.currentToken() == JsonToken.END_OBJECT && json.nextToken() == null);
      } catch (JsonProcessingException e) {
        throw new IllegalArgumentException("it is damaged: " + e.getOriginalMessage(), e);
      } catch (IOException e) {
        throw new IllegalArgumentException(e); // text in memory does not fail
      }
      return fields;
    }

    private static Object value(JsonParser json) throws IOException {
      return switch (json.currentToken()) {
        case VALUE_STRING -> json.getText();
        case VALUE_NUMBER_INT -> json.getLongValue();
        case VALUE_TRUE -> true;
        case VALUE_FALSE -> false;
        case START_ARRAY -> {
          List<Object> list = new ArrayList<>();
          while (json.nextToken() != JsonToken.END_ARRAY) {
            list.add(value(json));
          }
          yield list;
        }
        default ->
            throw new IllegalArgumentException("it is damaged: " + json.currentToken() + " in it");
      };
    }

    private static void require(boolean isObject) {
      if (!isObject) {
        throw new IllegalArgumentException("it is damaged: it is not a JSON object");
      }
    }

    <T> T value(String name, Class<T> type) {
      Object value = values.get(name);
      if (!type.isInstance(value)) {
        throw new IllegalArgumentException("it is damaged: its \"%s\" is missing".formatted(name));
      }
      return type.cast(value);
    }

    String string(String name) {
      return value(name, String.class);
    }

    long number(String name) {
      return value(name, Long.class);
    }

    int integer(String name) {
      return Math.toIntExact(number(name));
    }

    List<String> strings(String name) {
      List<?> list = value(name, List.class);
      return list.stream().map(String.class::cast).toList();
    }

    long[] longs(String name) {
      List<?> list = value(name, List.class);
      return list.stream().mapToLong(Long.class::cast).toArray();
    }
  }
}
