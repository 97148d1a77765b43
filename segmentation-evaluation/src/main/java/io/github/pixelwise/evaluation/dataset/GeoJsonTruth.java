package io.github.pixelwise.evaluation.dataset;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.imaging.Picture;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A GeoJSON file in the photograph's own coordinates. Later features lie above earlier ones. The
 * class of a feature is its property {@code label}, or the name of its {@code classification}, as
 * QuPath writes it.
 *
 * @param file the file
 * @param photograph the photograph, which has the size
 * @param rules the classes of labels
 * @param background the class of pixels in no shape
 */
record GeoJsonTruth(Path file, Path photograph, ClassRules rules, int background) implements Truth {
  @Override
  public CategoryMask read() throws IOException {
    Map<?, ?> json = Json.object(file, "");
    if (!(json.get("features") instanceof List<?> features)) {
      throw new IOException(file + ": expected a FeatureCollection of GeoJSON");
    }
    if (json.get("crs") != null) {
      throw new IOException(
          file
              + ": its coordinates are those of a map (crs); write them in pixels of the"
              + " photograph");
    }
    Picture.Size size = Images.readSize(photograph);
    Shapes shapes = new Shapes(photograph, size.width(), size.height());
    boolean isOnPhotograph = features.isEmpty();
    for (int i = 0; i < features.size(); i++) {
      Map<?, ?> feature = Json.map(features.get(i));
      String label = label(Json.map(feature.get("properties")));
      int category = rules.category(file, label, "feature " + (i + 1));
      Map<?, ?> geometry = Json.map(feature.get("geometry"));
      try {
        for (List<double[]> rings : polygons(geometry)) {
          Runs runs = Runs.polygon(rings, shapes.width(), shapes.height());
          shapes.add(runs, category);
          isOnPhotograph |= runs.area() > 0 || rings.stream().anyMatch(ring -> isOn(ring, size));
        }
      } catch (IllegalArgumentException e) {
        throw new IOException(
            "%s: feature %d, %s, %s".formatted(file, i + 1, label, e.getMessage()), e);
      }
    }
    if (!isOnPhotograph) {
      throw new IOException(
          "%s: none of its features lies on the photograph, which has %d x %d pixels; if its coordinates are those of a map, write them in pixels"
              .formatted(file, shapes.width(), shapes.height()));
    }
    return shapes.paint(background);
  }

  /** Whether a point of a ring lies on a photograph. */
  private static boolean isOn(double[] ring, Picture.Size size) {
    for (int i = 0; i < ring.length; i += 2) {
      if (ring[i] >= 0
          && ring[i] <= size.width()
          && ring[i + 1] >= 0
          && ring[i + 1] <= size.height()) {
        return true;
      }
    }
    return false;
  }

  private static String label(Map<?, ?> properties) {
    Object label = properties.get("label");
    return String.valueOf(
        label != null ? label : Json.map(properties.get("classification")).get("name"));
  }

  private static List<List<double[]>> polygons(Map<?, ?> geometry) {
    Object coordinates = geometry.get("coordinates");
    String type = String.valueOf(geometry.get("type"));
    return switch (type) {
      case "Polygon" -> List.of(rings(coordinates));
      case "MultiPolygon" -> list(coordinates).stream().map(GeoJsonTruth::rings).toList();
      default ->
          throw new IllegalArgumentException(
              "is a %s; only Polygon and MultiPolygon have an area".formatted(type));
    };
  }

  private static List<double[]> rings(@Nullable Object coordinates) {
    List<double[]> rings = new ArrayList<>();
    for (Object ring : list(coordinates)) {
      List<?> points = list(ring);
      double[] numbers = new double[2 * points.size()];
      for (int i = 0; i < points.size(); i++) {
        double[] point = Json.numbers(points.get(i));
        if (point.length < 2) {
          throw new IllegalArgumentException("has a point of %d numbers".formatted(point.length));
        }
        numbers[2 * i] = point[0];
        numbers[2 * i + 1] = point[1];
      }
      rings.add(numbers);
    }
    return rings;
  }

  private static List<?> list(@Nullable Object value) {
    if (value instanceof List<?> list) {
      return list;
    }
    throw new IllegalArgumentException("has no coordinates of a polygon");
  }
}
