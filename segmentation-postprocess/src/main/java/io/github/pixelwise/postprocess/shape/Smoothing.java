package io.github.pixelwise.postprocess.shape;

/** Cuts off the corners of borders: {@link Shapes#smoothed}. */
final class Smoothing {
  private final Lines lines;
  private final VertexGrid grid;
  private final Lines smoothed = new Lines();

  private Smoothing(Lines lines, Shapes shapes) {
    this.lines = lines;
    this.grid = new VertexGrid(lines, shapes);
  }

  /** Cuts off each corner once, except nodes, and corners whose triangle holds another point. */
  static Lines of(Lines lines, Borders borders, Shapes shapes) {
    Smoothing smoothing = new Smoothing(lines, shapes);
    for (int line = 0; line < lines.count(); line++) {
      smoothing.smooth(line, borders.isLoop(line));
    }
    return smoothing.smoothed;
  }

  private void smooth(int line, boolean loop) {
    int first = lines.start(line);
    int last = lines.end(line) - 1;
    int begin = smoothed.size();
    smoothed.begin();
    if (loop) {
      cut(last - 1, first, first + 1);
    } else {
      smoothed.add(lines.x(first), lines.y(first));
    }
    for (int point = first + 1; point < last; point++) {
      cut(point - 1, point, point + 1);
    }
    if (loop) {
      smoothed.add(smoothed.x(begin), smoothed.y(begin));
    } else {
      smoothed.add(lines.x(last), lines.y(last));
    }
  }

  private void cut(int before, int corner, int after) {
    int x = lines.x(corner);
    int y = lines.y(corner);
    int fromX = (lines.x(before) + 3 * x) / 4;
    int fromY = (lines.y(before) + 3 * y) / 4;
    int toX = (lines.x(after) + 3 * x) / 4;
    int toY = (lines.y(after) + 3 * y) / 4;
    double reach = Math.max(Math.hypot(fromX - x, fromY - y), Math.hypot(toX - x, toY - y));
    boolean taken =
        grid.anyNear(
            x,
            y,
            x,
            y,
            reach,
            point ->
                !lines.same(point, corner)
                    && isWithin(lines.x(point), lines.y(point), fromX, fromY, x, y, toX, toY));
    if (taken) {
      smoothed.add(x, y);
    } else {
      smoothed.add(fromX, fromY);
      smoothed.add(toX, toY);
    }
  }

  /** Whether a place is in a triangle or on its sides. */
  private static boolean isWithin(int x, int y, int ax, int ay, int bx, int by, int cx, int cy) {
    long ab = side(x, y, ax, ay, bx, by);
    long bc = side(x, y, bx, by, cx, cy);
    long ca = side(x, y, cx, cy, ax, ay);
    return (ab >= 0 && bc >= 0 && ca >= 0) || (ab <= 0 && bc <= 0 && ca <= 0);
  }

  private static long side(int x, int y, int ax, int ay, int bx, int by) {
    return ((long) bx - ax) * ((long) y - ay) - ((long) by - ay) * ((long) x - ax);
  }
}
