package io.github.pixelwise.postprocess.shape;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The border of a polygon, filled, for formats without holes, in which later polygons lie above
 * earlier ones.
 *
 * @param shape the number of its shape in the list, from 0
 * @param category the category
 * @param border the border
 * @param area the area within it, holes included
 */
record Layer(int shape, int category, Ring border, double area) {
  /** What lies in a hole of a polygon encloses less than the polygon's border, and comes later. */
  static List<Layer> fromBelow(List<Shape> shapes) {
    List<Layer> layers = new ArrayList<>();
    for (int i = 0; i < shapes.size(); i++) {
      for (Polygon polygon : shapes.get(i).polygons()) {
        Ring border = polygon.border();
        layers.add(new Layer(i, shapes.get(i).category(), border, border.area()));
      }
    }
    layers.sort(Comparator.comparingDouble(Layer::area).reversed());
    return layers;
  }
}
