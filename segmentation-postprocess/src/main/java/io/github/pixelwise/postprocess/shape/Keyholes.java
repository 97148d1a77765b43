package io.github.pixelwise.postprocess.shape;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/** Joins the holes of a polygon to its border, for formats whose polygons have one line. */
final class Keyholes {
  private final List<Point> line;

  private Keyholes(Ring border) {
    line = points(border);
  }

  /**
   * Makes a polygon one line, which runs to each hole, around it, and back the same way. It
   * encloses the same area.
   */
  static List<Point> line(Polygon polygon) {
    Keyholes keyholes = new Keyholes(polygon.border());
    // From its leftmost point, a hole can only meet what is further left: the border, or a hole
    // that
    // is joined already.
    polygon.holes().stream()
        .map(Keyholes::fromLeftmost)
        .sorted(
            Comparator.comparingDouble((List<Point> hole) -> hole.get(0).x())
                .thenComparingDouble(hole -> hole.get(0).y()))
        .forEach(keyholes::join);
    return keyholes.line;
  }

  private static List<Point> points(Ring ring) {
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < ring.size(); i++) {
      points.add(new Point(ring.x(i), ring.y(i)));
    }
    return points;
  }

  private static List<Point> fromLeftmost(Ring hole) {
    List<Point> points = points(hole);
    int leftmost = 0;
    for (int i = 1; i < points.size(); i++) {
      Point best = points.get(leftmost);
      Point point = points.get(i);
      if (point.x() < best.x() || (point.x() == best.x() && point.y() < best.y())) {
        leftmost = i;
      }
    }
    Collections.rotate(points, -leftmost);
    return points;
  }

  /** Joins a hole to the nearest edge on its left. */
  private void join(List<Point> hole) {
    Point start = hole.get(0);
    int edge = -1;
    double nearest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < line.size(); i++) {
      Point from = line.get(i);
      Point to = line.get((i + 1) % line.size());
      if (from.y() <= start.y() != to.y() <= start.y()) {
        double share = (start.y() - from.y()) / (to.y() - from.y());
        double x = from.x() + share * (to.x() - from.x());
        if (x <= start.x() && x > nearest) {
          nearest = x;
          edge = i;
        }
      }
    }
    Point bridge = new Point(nearest, start.y());
    List<Point> detour = new ArrayList<>();
    detour.add(bridge);
    detour.addAll(hole);
    detour.add(start);
    detour.add(bridge);
    line.addAll(edge + 1, detour);
  }
}
