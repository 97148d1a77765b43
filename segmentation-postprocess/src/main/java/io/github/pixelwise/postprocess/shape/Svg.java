package io.github.pixelwise.postprocess.shape;

import io.github.pixelwise.LabelMap;
import io.github.pixelwise.Palette;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Writes SVG: a group for each category, in its color, and in it a path for each shape. */
public final class Svg {
  private Svg() {}

  /**
   * Writes shapes.
   *
   * @param shapes the shapes
   * @param labels the names of categories
   * @param palette the colors of categories
   * @param width the picture's width
   * @param height the picture's height
   * @param picture the path of the picture under the shapes, relative to the file; empty to leave
   *     it out
   * @param out the stream; flushed but not closed
   * @throws IOException if the stream fails
   */
  public static void write(
      List<Shape> shapes,
      LabelMap labels,
      Palette palette,
      int width,
      int height,
      String picture,
      OutputStream out)
      throws IOException {
    Xml xml = new Xml(out);
    xml.begin(
        "svg",
        "xmlns",
        "http://www.w3.org/2000/svg",
        "width",
        width,
        "height",
        height,
        "viewBox",
        "0 0 %d %d".formatted(width, height));
    if (!picture.isEmpty()) {
      xml.empty("image", "href", picture, "width", width, "height", height);
    }
    Map<Integer, List<Shape>> groups =
        shapes.stream()
            .collect(Collectors.groupingBy(Shape::category, TreeMap::new, Collectors.toList()));
    for (Map.Entry<Integer, List<Shape>> group : groups.entrySet()) {
      int category = group.getKey();
      String color = "#%06x".formatted(palette.rgb(category));
      xml.begin(
          "g",
          "id",
          "category-" + category,
          "fill",
          color,
          "fill-opacity",
          "0.5",
          "fill-rule",
          "evenodd",
          "stroke",
          color);
      xml.text("title", labels.name(category));
      for (Shape shape : group.getValue()) {
        xml.empty("path", "d", path(shape));
      }
      xml.end();
    }
    xml.end();
    xml.finish();
  }

  private static String path(Shape shape) {
    StringBuilder path = new StringBuilder();
    for (Polygon polygon : shape.polygons()) {
      append(path, polygon.border());
      polygon.holes().forEach(hole -> append(path, hole));
    }
    return path.toString();
  }

  private static void append(StringBuilder path, Ring ring) {
    for (int i = 0; i < ring.size(); i++) {
      path.append(i == 0 ? 'M' : 'L')
          .append(Xml.number(ring.x(i)))
          .append(' ')
          .append(Xml.number(ring.y(i)));
    }
    path.append('Z');
  }
}
