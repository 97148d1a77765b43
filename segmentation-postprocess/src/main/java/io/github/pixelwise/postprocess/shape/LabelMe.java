package io.github.pixelwise.postprocess.shape;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.pixelwise.LabelMap;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/**
 * Writes a file of LabelMe, to correct shapes by hand. Its polygons have no holes, so what lies in
 * a hole comes later in the list, above the shape around it.
 */
public final class LabelMe {
  private static final String VERSION = "5.5.0";

  private LabelMe() {}

  /**
   * Writes shapes.
   *
   * @param shapes the shapes; those that lie in holes of others must be among them, or the holes
   *     are filled
   * @param labels the names of categories
   * @param width the picture's width
   * @param height the picture's height
   * @param picture the path of the picture, relative to the file
   * @param out the stream; flushed but not closed
   * @throws IOException if the stream fails
   */
  public static void write(
      List<Shape> shapes, LabelMap labels, int width, int height, String picture, OutputStream out)
      throws IOException {
    try (JsonGenerator json = Json.write(out)) {
      json.writeStartObject();
      json.writeStringField("version", VERSION);
      json.writeObjectFieldStart("flags");
      json.writeEndObject();
      json.writeArrayFieldStart("shapes");
      for (Layer layer : Layer.fromBelow(shapes)) {
        write(layer, labels.name(layer.category()), json);
      }
      json.writeEndArray();
      json.writeStringField("imagePath", picture);
      json.writeNullField("imageData");
      json.writeNumberField("imageHeight", height);
      json.writeNumberField("imageWidth", width);
      json.writeEndObject();
    }
  }

  private static void write(Layer layer, String label, JsonGenerator json) throws IOException {
    Json.line(json);
    json.writeStartObject();
    json.writeStringField("label", label);
    json.writeArrayFieldStart("points");
    Ring border = layer.border();
    for (int i = 0; i < border.size(); i++) {
      json.writeStartArray();
      Json.number(json, border.x(i));
      Json.number(json, border.y(i));
      json.writeEndArray();
    }
    json.writeEndArray();
    json.writeNumberField("group_id", layer.shape());
    json.writeStringField("description", "");
    json.writeStringField("shape_type", "polygon");
    json.writeObjectFieldStart("flags");
    json.writeEndObject();
    json.writeEndObject();
  }
}
