package io.github.pixelwise.postprocess.shape;

import io.github.pixelwise.CategoryMask;
import java.util.Arrays;
import java.util.BitSet;

/**
 * The borders between shapes: the rings, cut at the nodes, which are the corners where more than
 * two sides of pixels separate categories, and the picture's corners. A border is part of two
 * rings, in opposite directions, or of one at the picture's edge.
 */
final class Borders {
  private final Shapes shapes;

  /** The borders; one without nodes is closed: its last point is its first. */
  private final Lines lines = new Lines();

  /** The borders without nodes. */
  private final BitSet loops = new BitSet();

  /** The first of each ring's borders in {@link #uses}. */
  private final Ints starts = new Ints();

  /** The borders of the rings: twice the number, and one more if it is used from its end. */
  private final Ints uses = new Ints();

  /** The nodes in each row of corners. */
  private final BitSet[] nodes;

  /** The borders by their ends. */
  private int[] table = new int[1024];

  private int entries;

  private Borders(Shapes shapes) {
    this.shapes = shapes;
    this.nodes = new BitSet[shapes.height() + 1];
  }

  static Borders of(Shapes shapes) {
    Borders borders = new Borders(shapes);
    Arrays.fill(borders.table, -1);
    borders.findNodes();
    for (int ring = 0; ring < shapes.rings().count(); ring++) {
      borders.cut(ring);
    }
    borders.table = new int[0];
    return borders;
  }

  Lines lines() {
    return lines;
  }

  /** Whether a border has no node. */
  boolean isLoop(int border) {
    return loops.get(border);
  }

  /** Makes shapes of other borders in place of these. */
  Shapes shapes(Lines others) {
    Lines rings = new Lines();
    for (int ring = 0; ring < starts.size(); ring++) {
      rings.begin();
      int end = ring + 1 < starts.size() ? starts.get(ring + 1) : uses.size();
      for (int use = starts.get(ring); use < end; use++) {
        int border = uses.get(use) >> 1;
        // The last point is the first of the next border.
        if ((uses.get(use) & 1) == 0) {
          for (int point = others.start(border); point < others.end(border) - 1; point++) {
            rings.add(others.x(point), others.y(point));
          }
        } else {
          for (int point = others.end(border) - 1; point > others.start(border); point--) {
            rings.add(others.x(point), others.y(point));
          }
        }
      }
    }
    return new Shapes(shapes.mask(), shapes.layout(), rings);
  }

  /** At each node, some ring turns. */
  private void findNodes() {
    Arrays.setAll(nodes, row -> new BitSet());
    Lines rings = shapes.rings();
    for (int point = 0; point < rings.size(); point++) {
      int x = rings.x(point) / Shapes.PARTS;
      int y = rings.y(point) / Shapes.PARTS;
      if (x * Shapes.PARTS == rings.x(point)
          && y * Shapes.PARTS == rings.y(point)
          && isNode(x, y)) {
        nodes[y].set(x);
      }
    }
  }

  private boolean isNode(int x, int y) {
    CategoryMask mask = shapes.mask();
    boolean atSide = x == 0 || x == mask.width();
    if (atSide && (y == 0 || y == mask.height())) {
      return true;
    }
    int upperLeft = category(x - 1, y - 1);
    int upperRight = category(x, y - 1);
    int lowerLeft = category(x - 1, y);
    int lowerRight = category(x, y);
    int sides =
        (upperLeft == upperRight ? 0 : 1)
            + (upperRight == lowerRight ? 0 : 1)
            + (lowerRight == lowerLeft ? 0 : 1)
            + (lowerLeft == upperLeft ? 0 : 1);
    return sides > 2;
  }

  private int category(int x, int y) {
    CategoryMask mask = shapes.mask();
    return x < 0 || y < 0 || x >= mask.width() || y >= mask.height() ? -1 : mask.category(x, y);
  }

  private boolean isNode(Lines line, int point) {
    int x = line.x(point);
    int y = line.y(point);
    return x % Shapes.PARTS == 0
        && y % Shapes.PARTS == 0
        && nodes[y / Shapes.PARTS].get(x / Shapes.PARTS);
  }

  private void cut(int ring) {
    starts.add(uses.size());
    Lines line = withNodes(ring);
    int size = line.size();
    int first = 0;
    while (first < size && !isNode(line, first)) {
      first++;
    }
    if (first == size) {
      int start = topmost(line);
      use(line, start, start + size, true);
      return;
    }
    for (int from = first, to; from < first + size; from = to) {
      to = from + 1;
      while (!isNode(line, to % size)) {
        to++;
      }
      use(line, from, to, false);
    }
  }

  /** A ring, with the nodes at which it does not turn. */
  private Lines withNodes(int ring) {
    Lines rings = shapes.rings();
    Lines line = new Lines();
    line.begin();
    int end = rings.end(ring);
    for (int point = rings.start(ring), next; point < end; point++) {
      next = point + 1 < end ? point + 1 : rings.start(ring);
      int x = rings.x(point);
      int y = rings.y(point);
      line.add(x, y);
      int stepX = Integer.signum(rings.x(next) - x) * Shapes.PARTS;
      int stepY = Integer.signum(rings.y(next) - y) * Shapes.PARTS;
      if ((stepX == 0 || stepY == 0) && x % Shapes.PARTS == 0 && y % Shapes.PARTS == 0) {
        int steps =
            Math.max(Math.abs(rings.x(next) - x), Math.abs(rings.y(next) - y)) / Shapes.PARTS;
        for (int step = 1; step < steps; step++) {
          int row = (y + step * stepY) / Shapes.PARTS;
          int column = (x + step * stepX) / Shapes.PARTS;
          if (nodes[row].get(column)) {
            line.add(x + step * stepX, y + step * stepY);
          }
        }
      }
    }
    return line;
  }

  /**
   * The first of a line's topmost points, so that both rings of a loop begin it at the same point.
   */
  private static int topmost(Lines line) {
    int best = 0;
    for (int point = 1; point < line.size(); point++) {
      if (line.y(point) < line.y(best)
          || (line.y(point) == line.y(best) && line.x(point) < line.x(best))) {
        best = point;
      }
    }
    return best;
  }

  /** Uses the border with these points, or adds it if it is new. */
  private void use(Lines line, int from, int to, boolean loop) {
    int size = line.size();
    int second = (from + 1) % size;
    int known = find(line.x(from % size), line.y(from % size), line.x(second), line.y(second));
    if (known >= 0) {
      uses.add(2 * known + 1);
      return;
    }
    int border = lines.count();
    lines.begin();
    for (int point = from; point <= to; point++) {
      lines.add(line.x(point % size), line.y(point % size));
    }
    loops.set(border, loop);
    uses.add(2 * border);
    remember(border);
  }

  /** The border whose last two points are, backwards, these, or -1. */
  private int find(int x, int y, int nextX, int nextY) {
    for (int slot = slot(x, y, nextX, nextY);
        table[slot] >= 0;
        slot = (slot + 1) & (table.length - 1)) {
      int last = lines.end(table[slot]) - 1;
      if (lines.x(last) == x
          && lines.y(last) == y
          && lines.x(last - 1) == nextX
          && lines.y(last - 1) == nextY) {
        return table[slot];
      }
    }
    return -1;
  }

  private void remember(int border) {
    if (2 * ++entries > table.length) {
      int[] old = table;
      table = new int[2 * old.length];
      Arrays.fill(table, -1);
      for (int entry : old) {
        if (entry >= 0) {
          insert(entry);
        }
      }
    }
    insert(border);
  }

  private void insert(int border) {
    int last = lines.end(border) - 1;
    int slot = slot(lines.x(last), lines.y(last), lines.x(last - 1), lines.y(last - 1));
    while (table[slot] >= 0) {
      slot = (slot + 1) & (table.length - 1);
    }
    table[slot] = border;
  }

  private int slot(int x, int y, int nextX, int nextY) {
    long hash = (((long) x * 31 + y) * 31 + nextX) * 31 + nextY;
    hash *= 0x9E3779B97F4A7C15L; // Fibonacci hashing
    return (int) (hash >>> 32) & (table.length - 1);
  }
}
