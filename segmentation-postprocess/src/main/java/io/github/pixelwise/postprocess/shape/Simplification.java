package io.github.pixelwise.postprocess.shape;

import java.util.BitSet;

/**
 * Leaves out points of borders: {@link Shapes#simplified}.
 *
 * <p>A straight line may replace the points between two others if no point of any border lies in
 * the area between the old line and the new one. Then borders that did not cross before do not
 * cross afterwards: a border that crossed the new line would end in this area.
 */
final class Simplification {
  private final Lines lines;
  private final double tolerance;
  private final VertexGrid grid;
  private final BitSet removed = new BitSet();

  /** The parts of a border that are still to be simplified: pairs of points. */
  private final Ints pending = new Ints();

  private Simplification(Lines lines, double tolerance, Shapes shapes) {
    this.lines = lines;
    this.tolerance = tolerance;
    this.grid = new VertexGrid(lines, shapes);
  }

  /**
   * Simplifies borders.
   *
   * @param lines the borders
   * @param tolerance in {@link Shapes#PARTS}
   * @param shapes the shapes that have them
   */
  static Lines of(Lines lines, double tolerance, Shapes shapes) {
    Simplification simplification = new Simplification(lines, tolerance, shapes);
    for (int line = 0; line < lines.count(); line++) {
      simplification.simplify(line);
    }
    return simplification.remaining();
  }

  private void simplify(int line) {
    int first = lines.start(line);
    int last = lines.end(line) - 1;
    if (lines.same(first, last)) {
      // A closed line has no direction of its own: it is divided at the point farthest from its
      // ends.
      // One of the halves keeps a point, so that an area remains.
      int middle = farthest(first, last);
      simplify(first, middle);
      simplify(middle, last);
    } else {
      simplify(first, last);
    }
  }

  private void simplify(int first, int last) {
    pending.truncate(0);
    pend(first, last);
    while (pending.size() > 0) {
      int to = pending.get(pending.size() - 1);
      int from = pending.get(pending.size() - 2);
      pending.truncate(pending.size() - 2);
      if (to - from < 2) {
        continue;
      }
      int farthest = farthest(from, to);
      double distance = distance(farthest, from, to);
      boolean whole = from == first && to == last;
      if (distance <= tolerance && isFree(from, to, distance) && !(whole && isTaken(from, to))) {
        removed.set(from + 1, to);
      } else {
        pend(farthest, to);
        pend(from, farthest);
      }
    }
  }

  private void pend(int from, int to) {
    pending.add(from);
    pending.add(to);
  }

  private int farthest(int from, int to) {
    int best = from + 1;
    double most = -1;
    for (int point = from + 1; point < to; point++) {
      double distance = distance(point, from, to);
      if (distance > most) {
        most = distance;
        best = point;
      }
    }
    return best;
  }

  /** The distance of a point from the straight line between two others. */
  private double distance(int point, int from, int to) {
    double dx = (double) lines.x(to) - lines.x(from);
    double dy = (double) lines.y(to) - lines.y(from);
    double px = (double) lines.x(point) - lines.x(from);
    double py = (double) lines.y(point) - lines.y(from);
    double square = dx * dx + dy * dy;
    double share = square == 0 ? 0 : Math.max(0, Math.min(1, (px * dx + py * dy) / square));
    return Math.hypot(px - share * dx, py - share * dy);
  }

  /** Whether no other point lies in the area between a part of a border and a straight line. */
  private boolean isFree(int from, int to, double distance) {
    return !grid.anyNear(
        lines.x(from),
        lines.y(from),
        lines.x(to),
        lines.y(to),
        distance,
        point ->
            (point < from || point > to)
                && !removed.get(point)
                && !lines.same(point, from)
                && !lines.same(point, to)
                && isBetween(point, from, to));
  }

  private boolean isBetween(int point, int from, int to) {
    int x = lines.x(point);
    int y = lines.y(point);
    if (side(to, from, x, y) == 0
        && Math.min(lines.x(from), lines.x(to)) <= x
        && x <= Math.max(lines.x(from), lines.x(to))
        && Math.min(lines.y(from), lines.y(to)) <= y
        && y <= Math.max(lines.y(from), lines.y(to))) {
      return true;
    }
    boolean inside = isLeftOf(to, from, x, y);
    for (int i = from; i < to; i++) {
      inside ^= isLeftOf(i, i + 1, x, y);
    }
    return inside;
  }

  /** Whether a ray from a place to the right crosses a line. */
  private boolean isLeftOf(int a, int b, int x, int y) {
    boolean upwards = lines.y(a) > y;
    return upwards != (lines.y(b) > y) && upwards == (side(a, b, x, y) < 0);
  }

  /** On which side of a line a place lies, as a sign. Exact. */
  private long side(int a, int b, int x, int y) {
    return ((long) lines.x(b) - lines.x(a)) * ((long) y - lines.y(a))
        - ((long) lines.y(b) - lines.y(a)) * ((long) x - lines.x(a));
  }

  /** Whether another border, or the other half of a closed one, is this straight line already. */
  private boolean isTaken(int from, int to) {
    int x = lines.x(from);
    int y = lines.y(from);
    return grid.anyNear(
        x,
        y,
        x,
        y,
        0,
        point ->
            lines.same(point, from)
                && ((point != from && leadsTo(point, 1, to)) || leadsTo(point, -1, to)));
  }

  /**
   * Whether what remains of a border leads straight from one of its points to the place of another.
   */
  private boolean leadsTo(int point, int step, int target) {
    int line = lines.lineOf(point);
    int next = point + step;
    while (next > lines.start(line) && next < lines.end(line) - 1 && removed.get(next)) {
      next += step;
    }
    return next >= lines.start(line) && next < lines.end(line) && lines.same(next, target);
  }

  private Lines remaining() {
    Lines remaining = new Lines();
    for (int line = 0; line < lines.count(); line++) {
      remaining.begin();
      for (int point = lines.start(line); point < lines.end(line); point++) {
        if (!removed.get(point)) {
          remaining.add(lines.x(point), lines.y(point));
        }
      }
    }
    return remaining;
  }
}
