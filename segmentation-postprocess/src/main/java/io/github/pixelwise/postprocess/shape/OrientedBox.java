package io.github.pixelwise.postprocess.shape;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/**
 * A box in any direction.
 *
 * @param center its center
 * @param width the length of its longer side, in pixels
 * @param height the length of its shorter side, in pixels
 * @param angle the direction of the longer side: degrees clockwise from the picture's upper side,
 *     from -90 (exclusive) to 90 (inclusive)
 */
public record OrientedBox(Point center, double width, double height, double angle) {
  /** One of its sides lies on a side of the convex hull (Freeman and Shapira, 1975). */
  static OrientedBox around(List<Polygon> polygons) {
    List<Point> hull = hull(polygons);
    OrientedBox best = null;
    for (int i = 0; i < hull.size(); i++) {
      OrientedBox box = alongSide(hull, hull.get(i), hull.get((i + 1) % hull.size()));
      if (best == null || box.width * box.height < best.width * best.height) {
        best = box;
      }
    }
    return Objects.requireNonNull(best, "a hull has sides");
  }

  private static OrientedBox alongSide(List<Point> hull, Point from, Point to) {
    double length = Math.hypot(to.x() - from.x(), to.y() - from.y());
    double dx = (to.x() - from.x()) / length;
    double dy = (to.y() - from.y()) / length;
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    double nearest = Double.POSITIVE_INFINITY;
    double farthest = Double.NEGATIVE_INFINITY;
    for (Point point : hull) {
      double along = point.x() * dx + point.y() * dy;
      double across = point.y() * dx - point.x() * dy;
      least = Math.min(least, along);
      most = Math.max(most, along);
      nearest = Math.min(nearest, across);
      farthest = Math.max(farthest, across);
    }
    double along = (least + most) / 2;
    double across = (nearest + farthest) / 2;
    Point center = new Point(along * dx - across * dy, along * dy + across * dx);
    double angle = Math.toDegrees(Math.atan2(dy, dx));
    double width = most - least;
    double height = farthest - nearest;
    return width >= height
        ? new OrientedBox(center, width, height, halfTurn(angle))
        : new OrientedBox(center, height, width, halfTurn(angle + 90));
  }

  private static double halfTurn(double angle) {
    double turned = angle % 180;
    return turned > 90 ? turned - 180 : turned <= -90 ? turned + 180 : turned;
  }

  /** By Andrew's monotone chain (1979). */
  private static List<Point> hull(List<Polygon> polygons) {
    List<Point> points = new ArrayList<>();
    for (Polygon polygon : polygons) {
      Ring ring = polygon.border();
      for (int i = 0; i < ring.size(); i++) {
        points.add(new Point(ring.x(i), ring.y(i)));
      }
    }
    points.sort(Comparator.comparingDouble(Point::x).thenComparingDouble(Point::y));
    List<Point> hull = new ArrayList<>();
    addHalf(points, hull);
    Collections.reverse(points);
    addHalf(points, hull);
    return hull;
  }

  /** Adds the points of a half of the hull but the last, which begins the other half. */
  private static void addHalf(List<Point> points, List<Point> hull) {
    int start = hull.size();
    for (Point point : points) {
      while (hull.size() >= start + 2
          && cross(hull.get(hull.size() - 2), hull.get(hull.size() - 1), point) <= 0) {
        hull.remove(hull.size() - 1);
      }
      hull.add(point);
    }
    hull.remove(hull.size() - 1);
  }

  private static double cross(Point a, Point b, Point c) {
    return (b.x() - a.x()) * (c.y() - a.y()) - (b.y() - a.y()) * (c.x() - a.x());
  }
}
