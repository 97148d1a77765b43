package io.github.pixelwise.postprocess.shape;

import java.util.ArrayList;
import java.util.List;

/**
 * The shape of a region of a mask: of pixels of one category that touch at a side or a corner. A
 * view of its {@link Shapes}; immutable.
 *
 * <p>Pixels that touch only at a corner are in polygons of their own, because a polygon's border
 * must not touch itself.
 */
public final class Shape {
  private final Shapes shapes;
  private final int number;

  Shape(Shapes shapes, int number) {
    this.shapes = shapes;
    this.number = number;
  }

  /** {@return the category of its pixels} */
  public int category() {
    return shapes.layout().category(number);
  }

  /**
   * {@return the number of its pixels in the mask, which simplifying and smoothing do not change}
   */
  public long pixels() {
    return shapes.layout().pixels(number);
  }

  /** {@return its polygons, one or more} */
  public List<Polygon> polygons() {
    Layout layout = shapes.layout();
    List<Polygon> polygons = new ArrayList<>();
    for (int polygon = layout.firstPolygon(number);
        polygon < layout.firstPolygon(number + 1);
        polygon++) {
      int border = layout.firstRing(polygon);
      List<Ring> holes = new ArrayList<>();
      for (int ring = border + 1; ring < layout.firstRing(polygon + 1); ring++) {
        holes.add(shapes.ring(ring));
      }
      polygons.add(new Polygon(shapes.ring(border), holes));
    }
    return List.copyOf(polygons);
  }

  /** {@return its area in pixels, without holes} */
  public double area() {
    return Measure.of(this).area();
  }

  /** {@return the length of all its borders in pixels, those of holes included} */
  public double perimeter() {
    return Measure.of(this).perimeter();
  }

  /** {@return its center of mass, which may lie outside it} */
  public Point centroid() {
    return Measure.of(this).centroid();
  }

  /** {@return the smallest box around it that is parallel to the picture's sides} */
  public Box box() {
    return Box.around(polygons());
  }

  /** {@return the box of the smallest area around it, in any direction} */
  public OrientedBox orientedBox() {
    return OrientedBox.around(polygons());
  }

  /** Sees edges. */
  @FunctionalInterface
  interface Edges {
    void visit(double fromX, double fromY, double toX, double toY);
  }

  /** Visits the edges of all its rings. */
  void visitEdges(Edges edges) {
    for (Polygon polygon : polygons()) {
      polygon.border().visitEdges(edges);
      polygon.holes().forEach(hole -> hole.visitEdges(edges));
    }
  }
}
