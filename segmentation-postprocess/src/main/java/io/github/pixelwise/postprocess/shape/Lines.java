package io.github.pixelwise.postprocess.shape;

/** A growing list of lines, each a list of points. */
final class Lines {
  private final Ints starts = new Ints();
  private final Ints points = new Ints();

  /** Begins the next line. */
  void begin() {
    starts.add(size());
  }

  /** Adds a point to the last line, in {@link Shapes#PARTS}. */
  void add(int x, int y) {
    points.add(x);
    points.add(y);
  }

  /** {@return the number of lines} */
  int count() {
    return starts.size();
  }

  /** {@return the number of points of all lines} */
  int size() {
    return points.size() / 2;
  }

  /** {@return a line's first point} */
  int start(int line) {
    return starts.get(line);
  }

  /** {@return one past a line's last point} */
  int end(int line) {
    return line + 1 < starts.size() ? starts.get(line + 1) : size();
  }

  /** {@return the line that a point is of} */
  int lineOf(int point) {
    int low = 0;
    int high = count() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (start(middle) <= point) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  int x(int point) {
    return points.get(2 * point);
  }

  int y(int point) {
    return points.get(2 * point + 1);
  }

  boolean same(int point, int other) {
    return x(point) == x(other) && y(point) == y(other);
  }

  /** Whether all coordinates are multiples of a number. */
  boolean areMultiplesOf(int number) {
    for (int i = 0; i < points.size(); i++) {
      if (points.get(i) % number != 0) {
        return false;
      }
    }
    return true;
  }
}
