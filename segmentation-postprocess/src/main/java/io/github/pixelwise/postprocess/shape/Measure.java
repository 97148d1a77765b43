package io.github.pixelwise.postprocess.shape;

/** Measures shapes by their edges. */
final class Measure {
  private final double originX;
  private final double originY;
  private double doubledArea;
  private double length;
  private double momentX;
  private double momentY;

  /** Moments are relative to a point of the shape, because that loses fewer digits. */
  private Measure(Point origin) {
    this.originX = origin.x();
    this.originY = origin.y();
  }

  static Measure of(Shape shape) {
    Ring ring = shape.polygons().get(0).border();
    Measure measure = new Measure(new Point(ring.x(0), ring.y(0)));
    shape.visitEdges(measure::add);
    return measure;
  }

  private void add(double fromX, double fromY, double toX, double toY) {
    double ax = fromX - originX;
    double ay = fromY - originY;
    double bx = toX - originX;
    double by = toY - originY;
    double cross = ax * by - bx * ay;
    doubledArea += cross;
    momentX += (ax + bx) * cross;
    momentY += (ay + by) * cross;
    length += Math.hypot(bx - ax, by - ay);
  }

  double area() {
    return doubledArea / 2;
  }

  double perimeter() {
    return length;
  }

  /** By Green's theorem. */
  Point centroid() {
    return new Point(originX + momentX / (3 * doubledArea), originY + momentY / (3 * doubledArea));
  }
}
