package io.github.pixelwise.postprocess.shape;

import java.util.List;

/**
 * A box that is parallel to the picture's sides.
 *
 * @param x pixels from the picture's left border to the box
 * @param y pixels from the picture's upper border to the box
 * @param width its width in pixels
 * @param height its height in pixels
 */
public record Box(double x, double y, double width, double height) {
  static Box around(List<Polygon> polygons) {
    double left = Double.POSITIVE_INFINITY;
    double top = Double.POSITIVE_INFINITY;
    double right = Double.NEGATIVE_INFINITY;
    double bottom = Double.NEGATIVE_INFINITY;
    for (Polygon polygon : polygons) {
      Ring ring = polygon.border();
      for (int i = 0; i < ring.size(); i++) {
        left = Math.min(left, ring.x(i));
        top = Math.min(top, ring.y(i));
        right = Math.max(right, ring.x(i));
        bottom = Math.max(bottom, ring.y(i));
      }
    }
    return new Box(left, top, right - left, bottom - top);
  }
}
