package io.github.pixelwise.products;

import io.github.pixelwise.postprocess.shape.Georeference;
import java.util.Optional;

/**
 * Where a photograph comes from, for files that refer to it.
 *
 * @param path its path, relative to the folder of these files; empty if they do not refer to it
 * @param name its name in files of several photographs
 * @param position where it lies on the map
 */
record Origin(String path, String name, Optional<MapPosition> position) {
  static final Origin UNKNOWN = new Origin("", "photo", Optional.empty());

  Origin withPath(String path) {
    return new Origin(path, name, position);
  }

  Origin withName(String name) {
    return new Origin(path, name, position);
  }

  Origin withPosition(Optional<MapPosition> position) {
    return new Origin(path, name, position);
  }

  /** Where it lies on the map; its own pixels if that is unknown. */
  Georeference map() {
    return position.map(MapPosition::georeference).orElse(Georeference.PIXELS);
  }
}
