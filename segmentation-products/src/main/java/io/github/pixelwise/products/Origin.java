package io.github.pixelwise.products;

import io.github.pixelwise.postprocess.shape.Georeference;

/**
 * Where a photograph comes from, for files that refer to it.
 *
 * @param path its path, relative to the folder of these files; empty if they do not refer to it
 * @param name its name in files of several photographs
 * @param map where it lies on the map
 */
record Origin(String path, String name, Georeference map) {
  static final Origin UNKNOWN = new Origin("", "photo", Georeference.PIXELS);

  Origin withPath(String path) {
    return new Origin(path, name, map);
  }

  Origin withName(String name) {
    return new Origin(path, name, map);
  }

  Origin withMap(Georeference map) {
    return new Origin(path, name, map);
  }
}
