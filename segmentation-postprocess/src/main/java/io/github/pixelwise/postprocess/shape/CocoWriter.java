package io.github.pixelwise.postprocess.shape;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.github.pixelwise.LabelMap;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Writes COCO instances of several pictures into one file: an annotation for each shape, with its
 * area and box. A shape without holes is written as polygons; one with holes, which COCO's polygons
 * cannot have, as compressed run lengths (RLE). Void has no category in COCO, so its shapes are
 * left out. Not safe for use by several threads.
 *
 * <pre>{@code
 * try (CocoWriter coco = new CocoWriter(out, labels)) {
 *   coco.add("photo.jpg", shapes.width(), shapes.height(), shapes.list());
 * }
 * }</pre>
 */
public final class CocoWriter implements Closeable {
  private record Image(String file, int width, int height) {}

  private final LabelMap labels;
  private final JsonGenerator json;
  private final List<Image> images = new ArrayList<>();
  private int annotations;

  /**
   * Begins a file.
   *
   * @param out the stream; not closed
   * @param labels the names of categories
   * @throws IOException if the stream fails
   */
  public CocoWriter(OutputStream out, LabelMap labels) throws IOException {
    this.labels = Objects.requireNonNull(labels, "labels");
    this.json = Json.write(out);
    json.writeStartObject();
    json.writeArrayFieldStart("annotations");
  }

  /**
   * Adds a picture.
   *
   * @param file the picture's path
   * @param width its width
   * @param height its height
   * @param shapes its shapes
   * @throws IOException if the stream fails
   */
  public void add(String file, int width, int height, List<Shape> shapes) throws IOException {
    images.add(new Image(file, width, height));
    for (Shape shape : shapes) {
      if (shape.category() < labels.size()) {
        write(shape, width, height);
      }
    }
  }

  /**
   * Adds the pictures of another file, as if they were added one by one. So a file of many pictures
   * can be made of one for each, in any order and without tracing them again.
   *
   * @param in the other file, written by this class with the same labels; not closed
   * @throws IOException if a stream fails, or if the file is not one of this class
   */
  public void addAll(InputStream in) throws IOException {
    int before = images.size();
    try (JsonParser parser = Json.read(in)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        switch (name) {
          case "annotations" -> {
            while (parser.nextToken() == JsonToken.START_OBJECT) {
              copyAnnotation(parser, before);
            }
          }
          case "images" -> {
            while (parser.nextToken() == JsonToken.START_OBJECT) {
              images.add(image(parser));
            }
          }
          default -> parser.skipChildren();
        }
      }
    }
  }

  private void copyAnnotation(JsonParser parser, int imagesBefore) throws IOException {
    Json.line(json);
    json.writeStartObject();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      json.writeFieldName(name);
      parser.nextToken();
      switch (name) {
        case "id" -> json.writeNumber(++annotations);
        case "image_id" -> json.writeNumber(imagesBefore + parser.getIntValue());
        default -> json.copyCurrentStructure(parser);
      }
    }
    json.writeEndObject();
  }

  private static Image image(JsonParser parser) throws IOException {
    String file = "";
    int width = 0;
    int height = 0;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      switch (name) {
        case "file_name" -> file = parser.getText();
        case "width" -> width = parser.getIntValue();
        case "height" -> height = parser.getIntValue();
        default -> parser.skipChildren();
      }
    }
    return new Image(file, width, height);
  }

  private void write(Shape shape, int width, int height) throws IOException {
    Json.line(json);
    json.writeStartObject();
    json.writeNumberField("id", ++annotations); // pycocotools takes 0 for "none"
    json.writeNumberField("image_id", images.size());
    json.writeNumberField("category_id", shape.category());
    json.writeFieldName("segmentation");
    List<Polygon> polygons = shape.polygons();
    if (polygons.stream().allMatch(polygon -> polygon.holes().isEmpty())) {
      json.writeStartArray();
      for (Polygon polygon : polygons) {
        write(polygon.border());
      }
      json.writeEndArray();
    } else {
      json.writeStartObject();
      json.writeFieldName("size");
      json.writeArray(new int[] {height, width}, 0, 2);
      json.writeStringField("counts", RunLengths.of(List.of(shape), width, height).compressed());
      json.writeEndObject();
    }
    json.writeFieldName("area");
    Json.number(json, shape.area());
    Box box = shape.box();
    json.writeArrayFieldStart("bbox");
    Json.number(json, box.x());
    Json.number(json, box.y());
    Json.number(json, box.width());
    Json.number(json, box.height());
    json.writeEndArray();
    json.writeNumberField("iscrowd", 0);
    json.writeEndObject();
  }

  private void write(Ring ring) throws IOException {
    json.writeStartArray();
    for (int i = 0; i < ring.size(); i++) {
      Json.number(json, ring.x(i));
      Json.number(json, ring.y(i));
    }
    json.writeEndArray();
  }

  /** Ends the file, which is incomplete without it. */
  @Override
  public void close() throws IOException {
    json.writeEndArray();
    json.writeArrayFieldStart("images");
    for (int i = 0; i < images.size(); i++) {
      Image image = images.get(i);
      Json.line(json);
      json.writeStartObject();
      json.writeNumberField("id", i + 1);
      json.writeStringField("file_name", image.file);
      json.writeNumberField("width", image.width);
      json.writeNumberField("height", image.height);
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("categories");
    for (int category = 0; category < labels.size(); category++) {
      Json.line(json);
      json.writeStartObject();
      json.writeNumberField("id", category);
      json.writeStringField("name", labels.name(category));
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
    json.close();
  }
}
