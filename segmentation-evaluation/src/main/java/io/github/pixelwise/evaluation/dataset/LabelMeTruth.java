package io.github.pixelwise.evaluation.dataset;

import io.github.pixelwise.CategoryMask;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A JSON file of LabelMe, whose later shapes lie above earlier ones.
 *
 * @param file the file
 * @param rules the classes of labels
 * @param background the class of pixels in no shape
 */
record LabelMeTruth(Path file, ClassRules rules, int background) implements Truth {
  @Override
  public CategoryMask read() throws IOException {
    Map<?, ?> json = Json.object(file, "imageData");
    if (!(json.get("imageWidth") instanceof Long width)
        || !(json.get("imageHeight") instanceof Long height)
        || !(json.get("shapes") instanceof List<?> list)) {
      throw new IOException(
          file + ": expected a file of LabelMe with imageWidth, imageHeight and shapes");
    }
    Shapes shapes = new Shapes(file, width, height);
    for (int i = 0; i < list.size(); i++) {
      Map<?, ?> shape = Json.map(list.get(i));
      String label = String.valueOf(shape.get("label"));
      int category = rules.category(file, label, "shape " + (i + 1));
      try {
        shapes.add(runs(shape, shapes.width(), shapes.height()), category);
      } catch (IllegalArgumentException e) {
        throw new IOException(
            "%s: shape %d, %s, %s".formatted(file, i + 1, label, e.getMessage()), e);
      }
    }
    return shapes.paint(background);
  }

  private static Runs runs(Map<?, ?> shape, int width, int height) {
    double[] points = points(shape.get("points"));
    Object type = shape.get("shape_type");
    String kind = type == null ? "polygon" : type.toString(); // old files have polygons only
    return switch (kind) {
      case "polygon" -> Runs.polygon(points, width, height);
      case "rectangle" -> {
        requireTwo(points);
        double[] corners = {
          points[0], points[1], points[2], points[1], points[2], points[3], points[0], points[3]
        };
        yield Runs.polygon(corners, width, height);
      }
      case "circle" -> {
        requireTwo(points);
        double radius = Math.hypot(points[2] - points[0], points[3] - points[1]);
        yield Runs.circle(points[0], points[1], radius, width, height);
      }
      default ->
          throw new IllegalArgumentException(
              "is a %s; only polygon, rectangle and circle have an area".formatted(kind));
    };
  }

  private static void requireTwo(double[] points) {
    if (points.length != 4) {
      throw new IllegalArgumentException("has %d points, not 2".formatted(points.length / 2));
    }
  }

  private static double[] points(@Nullable Object value) {
    if (!(value instanceof List<?> list)) {
      throw new IllegalArgumentException("has no points");
    }
    double[] points = new double[2 * list.size()];
    for (int i = 0; i < list.size(); i++) {
      double[] point = Json.numbers(list.get(i));
      if (point.length != 2) {
        throw new IllegalArgumentException("has a point of %d numbers".formatted(point.length));
      }
      points[2 * i] = point[0];
      points[2 * i + 1] = point[1];
    }
    return points;
  }
}
