package io.github.pixelwise.imaging.stream;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the tags of a GeoTIFF mean (OGC GeoTIFF standard 1.1, 19-008r4, sections 7.1 and 7.2 and
 * annex B).
 */
final class GeoKeys {
  private static final Logger LOG = System.getLogger(GeoKeys.class.getName());

  private static final int MODEL_TYPE = 1024;
  private static final int RASTER_TYPE = 1025;
  private static final int GEODETIC_CRS = 2048;
  private static final int PROJECTED_CRS = 3072;

  private static final int GEOGRAPHIC = 2;
  private static final int PIXEL_IS_POINT = 2;
  private static final int USER_DEFINED = 32767;

  private static final int TIE_POINT = 6;
  private static final int MATRIX = 16;

  private final GeoTags tags;
  private final Path picture;
  private final Map<Integer, Integer> keys;

  private GeoKeys(GeoTags tags, Path picture, Map<Integer, Integer> keys) {
    this.tags = tags;
    this.picture = picture;
    this.keys = keys;
  }

  /**
   * Reads the keys.
   *
   * @throws IOException if there are fewer than the tag says; the message names the picture
   */
  static GeoKeys of(GeoTags tags, Path picture) throws IOException {
    Map<Integer, Integer> keys = new TreeMap<>();
    Optional<TiffField> field = tags.field(GeoTags.KEYS);
    if (field.isPresent()) {
      int found = field.get().count();
      long count = found < 4 ? 1 : field.get().integer(3);
      if (found < 4 + 4 * count) {
        throw new IOException(
            "cannot read the map coordinates of %s: its tag %d must have %d numbers, found %d"
                .formatted(picture, GeoTags.KEYS, 4 + 4 * count, found));
      }
      for (int at = 4; at < 4 + 4 * count; at += 4) {
        if (field.get().integer(at + 1) == 0) { // else the value is in another tag
          keys.put((int) field.get().integer(at), (int) field.get().integer(at + 3));
        }
      }
    }
    return new GeoKeys(tags, picture, keys);
  }

  /** The EPSG code of the coordinate reference system. */
  Optional<Integer> crs() {
    int geodetic = keys.getOrDefault(GEODETIC_CRS, 0);
    int projected = keys.getOrDefault(PROJECTED_CRS, geodetic);
    int code = keys.getOrDefault(MODEL_TYPE, 0) == GEOGRAPHIC ? geodetic : projected;
    return code > 0 && code < USER_DEFINED ? Optional.of(code) : Optional.empty();
  }

  /**
   * Where the picture lies.
   *
   * @return its place; empty if the tags give only control points, or nothing
   * @throws IOException if the tags make no sense; the message names the picture
   */
  Optional<MapPlace> place() throws IOException {
    Optional<MapPlace> scaled = scaled();
    Optional<MapPlace> transformed = transformed();
    if (scaled.isPresent() && transformed.isPresent() && !scaled.get().isNear(transformed.get())) {
      LOG.log(
          Level.WARNING,
          "{0} has a scale and a transformation to the map that disagree. The scale counts.",
          picture);
    }
    return scaled
        .or(() -> transformed)
        .map(
            place ->
                keys.getOrDefault(RASTER_TYPE, 0) == PIXEL_IS_POINT ? place.fromCenter() : place);
  }

  private Optional<MapPlace> scaled() throws IOException {
    double[] scale = numbers(GeoTags.SCALE, 2, 3);
    double[] tie = numbers(GeoTags.TIE_POINTS, TIE_POINT, Integer.MAX_VALUE);
    if (scale.length == 0 || tie.length == 0) {
      return Optional.empty();
    }
    return Optional.of(
        place(
            GeoTags.SCALE,
            tie[3] - tie[0] * scale[0],
            tie[4] + tie[1] * scale[1],
            scale[0],
            0,
            0,
            -scale[1]));
  }

  private Optional<MapPlace> transformed() throws IOException {
    double[] matrix = numbers(GeoTags.TRANSFORMATION, MATRIX, MATRIX);
    return matrix.length == 0
        ? Optional.empty()
        : Optional.of(
            place(
                GeoTags.TRANSFORMATION,
                matrix[3],
                matrix[7],
                matrix[0],
                matrix[4],
                matrix[1],
                matrix[5]));
  }

  private MapPlace place(int tag, double... numbers) throws IOException {
    try {
      return new MapPlace(
          numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5], crs());
    } catch (IllegalArgumentException e) {
      throw new IOException(
          "cannot read the map coordinates of %s: its tag %d is wrong: %s"
              .formatted(picture, tag, e.getMessage()),
          e);
    }
  }

  /** The numbers of a tag; empty if there is no such tag. */
  private double[] numbers(int tag, int fewest, int most) throws IOException {
    Optional<TiffField> field = tags.field(tag);
    if (field.isEmpty()) {
      return new double[0];
    }
    int count = field.get().count();
    if (field.get().type() != TiffField.DOUBLE || count < fewest || count > most) {
      String expected =
          most == fewest
              ? String.valueOf(most)
              : most < MATRIX ? fewest + " to " + most : fewest + " or more";
      throw new IOException(
          "cannot read the map coordinates of %s: its tag %d must have %s numbers of type %d, found %d of type %d"
              .formatted(picture, tag, expected, TiffField.DOUBLE, count, field.get().type()));
    }
    double[] numbers = new double[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = field.get().real(i);
    }
    return numbers;
  }
}
