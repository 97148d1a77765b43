package io.github.pixelwise.training.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/**
 * A line through points from left to right, with gaps where points have no number.
 *
 * @param points the points
 */
record Curve(List<Point> points) {
  record Point(double x, double y) {
    boolean isNumber() {
      return Double.isFinite(y);
    }
  }

  /** A curve of at most so many points that keeps every peak, high or low. */
  Curve thinned(int most) {
    if (points.size() <= most) {
      return this;
    }
    int parts = most / 2;
    List<Point> kept = new ArrayList<>();
    for (int part = 0; part < parts; part++) {
      addExtremes(points.subList(start(part, parts), start(part + 1, parts)), kept);
    }
    return new Curve(kept);
  }

  private int start(int part, int parts) {
    return (int) ((long) part * points.size() / parts);
  }

  private static void addExtremes(List<Point> part, List<Point> kept) {
    int low = -1;
    int high = -1;
    for (int i = 0; i < part.size(); i++) {
      if (part.get(i).isNumber()) {
        low = low < 0 || part.get(i).y < part.get(low).y ? i : low;
        high = high < 0 || part.get(i).y > part.get(high).y ? i : high;
      }
    }
    if (low < 0) {
      kept.add(part.get(0)); // the gap
      return;
    }
    kept.add(part.get(Math.min(low, high)));
    if (low != high) {
      kept.add(part.get(Math.max(low, high)));
    }
  }

  /** The data of an SVG path. */
  String path(DoubleUnaryOperator x, DoubleUnaryOperator y) {
    StringBuilder path = new StringBuilder();
    boolean connected = false;
    for (int i = 0; i < points.size(); i++) {
      Point point = points.get(i);
      if (!point.isNumber()) {
        connected = false;
        continue;
      }
      path.append(connected ? 'L' : 'M')
          .append(length(x.applyAsDouble(point.x)))
          .append(' ')
          .append(length(y.applyAsDouble(point.y)));
      if (!connected && (i + 1 == points.size() || !points.get(i + 1).isNumber())) {
        path.append("h0"); // a point alone, which round ends make a dot
      }
      connected = true;
    }
    return path.toString();
  }

  /** A length in a drawing, in tenths. */
  static String length(double value) {
    return String.valueOf(Math.round(10 * value) / 10.0);
  }
}
