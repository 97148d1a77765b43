package io.github.pixelwise.postprocess.shape;

import java.util.Objects;

/**
 * A closed line that neither crosses nor touches itself: the border of a {@link Polygon} or of one
 * of its holes. A view of its {@link Shapes}; immutable.
 *
 * <p>Coordinates are pixels from the picture's upper left corner, so that the pixel in the first
 * column and the first row covers 0 to 1 in both directions. The polygon lies to the right of the
 * line: borders run clockwise as you look at the picture, and holes counterclockwise.
 */
public final class Ring {
  private final Lines rings;
  private final int start;
  private final int size;

  Ring(Lines rings, int number) {
    this.rings = rings;
    this.start = rings.start(number);
    this.size = rings.end(number) - start;
  }

  /** {@return the number of its points, 3 or more; the last is not the first again} */
  public int size() {
    return size;
  }

  /**
   * Returns where a point lies.
   *
   * @param index the number of the point, from 0
   * @return pixels from the picture's left border
   */
  public double x(int index) {
    return (double) rings.x(start + Objects.checkIndex(index, size)) / Shapes.PARTS;
  }

  /**
   * Returns where a point lies.
   *
   * @param index the number of the point, from 0
   * @return pixels from the picture's upper border
   */
  public double y(int index) {
    return (double) rings.y(start + Objects.checkIndex(index, size)) / Shapes.PARTS;
  }

  /** The area within it; negative if it is the border of a hole. */
  double area() {
    double doubled = 0;
    for (int i = 0, last = size - 1; i < size; last = i++) {
      doubled += x(last) * y(i) - x(i) * y(last);
    }
    return doubled / 2;
  }

  void visitEdges(Shape.Edges edges) {
    for (int i = 0, last = size - 1; i < size; last = i++) {
      edges.visit(x(last), y(last), x(i), y(i));
    }
  }
}
