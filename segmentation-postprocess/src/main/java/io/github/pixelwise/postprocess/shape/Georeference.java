package io.github.pixelwise.postprocess.shape;

import java.util.Objects;
import java.util.Optional;

/**
 * Where a picture lies on the map: an affine map from the picture's coordinates, whose origin is
 * the upper left corner of the first pixel, to those of a coordinate reference system.
 *
 * <pre>
 * X = originX + x * columnX + y * rowX
 * Y = originY + x * columnY + y * rowY
 * </pre>
 *
 * @param originX X of the picture's upper left corner
 * @param originY Y of this corner
 * @param columnX how much X grows from one column to the next
 * @param columnY how much Y grows from one column to the next
 * @param rowX how much X grows from one row to the next
 * @param rowY how much Y grows from one row to the next; negative if north is up
 * @param crs the EPSG code of the coordinate reference system, if it is known
 */
public record Georeference(
    double originX,
    double originY,
    double columnX,
    double columnY,
    double rowX,
    double rowY,
    Optional<Integer> crs) {
  /** The picture's own coordinates. */
  public static final Georeference PIXELS = new Georeference(0, 0, 1, 0, 0, 1, Optional.empty());

  /**
   * Creates a georeference.
   *
   * @param originX X of the picture's upper left corner
   * @param originY Y of this corner
   * @param columnX how much X grows from one column to the next
   * @param columnY how much Y grows from one column to the next
   * @param rowX how much X grows from one row to the next
   * @param rowY how much Y grows from one row to the next
   * @param crs the EPSG code of the coordinate reference system, if it is known
   * @throws IllegalArgumentException if a number is not finite, or if pixels have no area
   */
  public Georeference {
    Objects.requireNonNull(crs, "crs");
    double area = columnX * rowY - columnY * rowX;
    if (!Double.isFinite(originX) || !Double.isFinite(originY) || !Double.isFinite(area)) {
      throw new IllegalArgumentException("a georeference must have finite numbers");
    }
    if (area == 0) {
      throw new IllegalArgumentException("a georeference must give pixels an area, found 0");
    }
  }

  /**
   * Places a point on the map.
   *
   * @param x pixels from the picture's left border
   * @param y pixels from its upper border
   * @return X and Y
   */
  public Point apply(double x, double y) {
    return new Point(originX + x * columnX + y * rowX, originY + x * columnY + y * rowY);
  }

  /** Whether what runs clockwise in the picture runs counterclockwise on the map. */
  boolean mirrors() {
    return columnX * rowY - columnY * rowX < 0;
  }
}
