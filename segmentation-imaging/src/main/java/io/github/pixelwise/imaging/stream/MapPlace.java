package io.github.pixelwise.imaging.stream;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
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
public record MapPlace(
    double originX,
    double originY,
    double columnX,
    double columnY,
    double rowX,
    double rowY,
    Optional<Integer> crs) {
  private static final Logger LOG = System.getLogger(MapPlace.class.getName());

  /** Two places are the same if the first pixel differs by less than this part of a pixel. */
  private static final double SAME_ORIGIN = 0.1;

  /** And if the size of a pixel differs by less than this part of it. */
  private static final double SAME_STEP = 1e-3;

  /**
   * Creates a place.
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
  public MapPlace {
    Objects.requireNonNull(crs, "crs");
    double area = columnX * rowY - columnY * rowX;
    if (!Double.isFinite(originX) || !Double.isFinite(originY) || !Double.isFinite(area)) {
      throw new IllegalArgumentException("map coordinates must be finite numbers");
    }
    if (area == 0) {
      throw new IllegalArgumentException("map coordinates must give pixels an area, found 0");
    }
  }

  /**
   * Reads where a picture lies: from the tags of a GeoTIFF, else from the world file beside it. If
   * these disagree, the tags count, and a warning is logged, as it is if the tags give two
   * different transformations: then the scale and tie point count, as in GDAL.
   *
   * @param picture the file of the picture
   * @return its place; empty if nothing says where it is
   * @throws IOException if the file cannot be read, or its tags or world file make no sense; the
   *     message names the file and the tag
   */
  public static Optional<MapPlace> read(Path picture) throws IOException {
    Optional<GeoTags> tags = GeoTags.read(picture);
    Optional<MapPlace> tagged = Optional.empty();
    Optional<Integer> crs = Optional.empty();
    if (tags.isPresent()) {
      GeoKeys keys = GeoKeys.of(tags.get(), picture);
      tagged = keys.place();
      crs = keys.crs();
    }
    Optional<Path> worldFile = WorldFile.find(picture);
    if (worldFile.isEmpty()) {
      return tagged;
    }
    MapPlace beside = WorldFile.read(worldFile.get()).withCrs(crs);
    if (tagged.isPresent() && !tagged.get().isNear(beside)) {
      LOG.log(
          Level.WARNING,
          "{0} lies elsewhere on the map than {1} says. The tags in the picture count.",
          picture,
          worldFile.get());
    }
    return tagged.isPresent() ? tagged : Optional.of(beside);
  }

  /** This place if its origin is the center of the first pixel, not its corner. */
  MapPlace fromCenter() {
    return new MapPlace(
        originX - (columnX + rowX) / 2,
        originY - (columnY + rowY) / 2,
        columnX,
        columnY,
        rowX,
        rowY,
        crs);
  }

  private MapPlace withCrs(Optional<Integer> crs) {
    return new MapPlace(originX, originY, columnX, columnY, rowX, rowY, crs);
  }

  /** Whether this is the same place, but for rounding. */
  boolean isNear(MapPlace other) {
    double size = Math.min(Math.hypot(columnX, columnY), Math.hypot(rowX, rowY));
    double step =
        Math.hypot(columnX - other.columnX, columnY - other.columnY)
            + Math.hypot(rowX - other.rowX, rowY - other.rowY);
    return Math.hypot(originX - other.originX, originY - other.originY) < size * SAME_ORIGIN
        && step < size * SAME_STEP;
  }
}
