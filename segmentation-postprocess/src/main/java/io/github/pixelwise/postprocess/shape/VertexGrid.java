package io.github.pixelwise.postprocess.shape;

import java.util.Arrays;
import java.util.function.IntPredicate;

/** The points of lines, sorted into square cells of the picture, to find those near a place. */
final class VertexGrid {
  /** In {@link Shapes#PARTS}. */
  private static final int CELL = 16 * Shapes.PARTS;

  private final int columns;
  private final int rows;
  private final Grouping cells;

  VertexGrid(Lines lines, Shapes shapes) {
    columns = shapes.width() * Shapes.PARTS / CELL + 1;
    rows = shapes.height() * Shapes.PARTS / CELL + 1;
    int[] cellOfPoint = new int[lines.size()];
    Arrays.setAll(cellOfPoint, point -> lines.y(point) / CELL * columns + lines.x(point) / CELL);
    cells = Grouping.of(cellOfPoint, columns * rows);
  }

  /**
   * Whether a condition holds for a point near a line. It is asked of all points within a distance
   * of the line, and of some others.
   */
  boolean anyNear(
      double fromX, double fromY, double toX, double toY, double distance, IntPredicate condition) {
    double left = Math.min(fromX, toX) - distance;
    double right = Math.max(fromX, toX) + distance;
    int lastColumn = column(right);
    for (int column = column(left); column <= lastColumn; column++) {
      // The line's part that is within the distance of this column of cells.
      double beginX = Math.max(left + distance, (double) column * CELL - distance);
      double endX = Math.min(right - distance, (column + 1.0) * CELL + distance);
      double slope = toX == fromX ? 0 : (toY - fromY) / (toX - fromX);
      double beginY = toX == fromX ? fromY : fromY + (beginX - fromX) * slope;
      double endY = toX == fromX ? toY : fromY + (endX - fromX) * slope;
      int lastRow = row(Math.max(beginY, endY) + distance);
      for (int row = row(Math.min(beginY, endY) - distance); row <= lastRow; row++) {
        int cell = row * columns + column;
        for (int i = cells.firsts()[cell]; i < cells.firsts()[cell + 1]; i++) {
          if (condition.test(cells.order()[i])) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private int column(double x) {
    return (int) Math.max(0, Math.min(columns - 1, Math.floor(x / CELL)));
  }

  private int row(double y) {
    return (int) Math.max(0, Math.min(rows - 1, Math.floor(y / CELL)));
  }
}
