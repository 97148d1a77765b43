package io.github.pixelwise.postprocess.shape;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.pixelwise.LabelMap;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/**
 * Writes GeoJSON (RFC 7946): a feature for each shape, with its {@code category}, {@code label},
 * and {@code pixels}.
 */
public final class GeoJson {
  private GeoJson() {}

  /**
   * Writes shapes.
   *
   * @param shapes the shapes
   * @param labels the names of categories
   * @param georeference where the picture lies; {@link Georeference#PIXELS} for its own
   *     coordinates. RFC 7946 knows only longitude and latitude (EPSG 4326). Others are named in a
   *     member {@code crs}, as in the GeoJSON of 2008, which GDAL and QGIS read
   * @param out the stream; flushed but not closed
   * @throws IOException if the stream fails
   */
  public static void write(
      List<Shape> shapes, LabelMap labels, Georeference georeference, OutputStream out)
      throws IOException {
    try (JsonGenerator json = Json.write(out)) {
      json.writeStartObject();
      json.writeStringField("type", "FeatureCollection");
      if (georeference.crs().isPresent()) {
        json.writeObjectFieldStart("crs");
        json.writeStringField("type", "name");
        json.writeObjectFieldStart("properties");
        json.writeStringField("name", "urn:ogc:def:crs:EPSG::" + georeference.crs().get());
        json.writeEndObject();
        json.writeEndObject();
      }
      json.writeArrayFieldStart("features");
      for (Shape shape : shapes) {
        write(shape, labels, georeference, json);
      }
      json.writeEndArray();
      json.writeEndObject();
    }
  }

  private static void write(
      Shape shape, LabelMap labels, Georeference georeference, JsonGenerator json)
      throws IOException {
    Json.line(json);
    json.writeStartObject();
    json.writeStringField("type", "Feature");
    json.writeObjectFieldStart("properties");
    json.writeNumberField("category", shape.category());
    json.writeStringField("label", labels.name(shape.category()));
    json.writeNumberField("pixels", shape.pixels());
    json.writeEndObject();
    List<Polygon> polygons = shape.polygons();
    json.writeObjectFieldStart("geometry");
    json.writeStringField("type", polygons.size() == 1 ? "Polygon" : "MultiPolygon");
    json.writeFieldName("coordinates");
    if (polygons.size() == 1) {
      write(polygons.get(0), georeference, json);
    } else {
      json.writeStartArray();
      for (Polygon polygon : polygons) {
        write(polygon, georeference, json);
      }
      json.writeEndArray();
    }
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void write(Polygon polygon, Georeference georeference, JsonGenerator json)
      throws IOException {
    json.writeStartArray();
    write(polygon.border(), georeference, json);
    for (Ring hole : polygon.holes()) {
      write(hole, georeference, json);
    }
    json.writeEndArray();
  }

  /** Borders run counterclockwise on the map, and end where they begin. */
  private static void write(Ring ring, Georeference georeference, JsonGenerator json)
      throws IOException {
    json.writeStartArray();
    for (int i = 0; i <= ring.size(); i++) {
      int index = (georeference.mirrors() ? ring.size() - i : i) % ring.size();
      Point point = georeference.apply(ring.x(index), ring.y(index));
      json.writeStartArray();
      Json.number(json, point.x());
      Json.number(json, point.y());
      json.writeEndArray();
    }
    json.writeEndArray();
  }
}
