package io.github.pixelwise.products;

import io.github.pixelwise.imaging.stream.GeoTags;
import io.github.pixelwise.imaging.stream.MapPlace;
import io.github.pixelwise.imaging.stream.WorldFile;
import io.github.pixelwise.postprocess.shape.Georeference;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a photograph lies on the map.
 *
 * @param georeference where it lies
 * @param source what says so, for messages
 */
record MapPosition(Georeference georeference, String source) {
  /** Reads the tags of a GeoTIFF, or else the world file beside a photograph. */
  static Optional<MapPosition> find(Path photograph) throws IOException {
    Optional<MapPlace> place = MapPlace.read(photograph);
    if (place.isEmpty()) {
      return Optional.empty();
    }
    Optional<Path> worldFile = WorldFile.find(photograph);
    boolean tagged = worldFile.isEmpty() || GeoTags.read(photograph).isPresent();
    return Optional.of(
        new MapPosition(
            georeference(place.get()),
            tagged ? "the tags of " + photograph : worldFile.get().toString()));
  }

  private static Georeference georeference(MapPlace place) {
    return new Georeference(
        place.originX(),
        place.originY(),
        place.columnX(),
        place.columnY(),
        place.rowX(),
        place.rowY(),
        place.crs());
  }
}
