package io.github.pixelwise.imaging.stream;

import java.util.List;

/** The tags of a GeoTIFF. */
public final class GeoTags {
  private final List<TiffField> fields;

  GeoTags(List<TiffField> fields) {
    this.fields = List.copyOf(fields);
  }

  /** The tags as they are in the file. */
  List<TiffField> fields() {
    return fields;
  }
}
