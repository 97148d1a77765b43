package io.github.pixelwise.imaging.stream;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The tags of a GeoTIFF as they are in its file, to be copied to its mask: see {@link
 * MaskLayout#withGeoTags}. {@link MapPlace} says what they mean. Immutable.
 */
public final class GeoTags {
  static final int SCALE = 33550;
  static final int TIE_POINTS = 33922;
  static final int TRANSFORMATION = 34264;
  static final int KEYS = 34735;
  private static final int REAL_KEYS = 34736;
  private static final int TEXT_KEYS = 34737;

  private final List<TiffField> fields;

  private GeoTags(List<TiffField> fields) {
    this.fields = List.copyOf(fields);
  }

  /**
   * Reads the tags of a picture.
   *
   * @param picture the file
   * @return its tags; empty if it has none, or is not a TIFF
   * @throws IOException if the file cannot be read, or is a damaged TIFF; the message names it
   */
  public static Optional<GeoTags> read(Path picture) throws IOException {
    try (FileChannel channel = FileChannel.open(picture, StandardOpenOption.READ)) {
      if (!TiffFile.isTiff(channel)) {
        return Optional.empty();
      }
      TiffFile file = TiffFile.open(channel);
      List<TiffField> fields = new ArrayList<>();
      for (int tag : List.of(SCALE, TIE_POINTS, TRANSFORMATION, KEYS, REAL_KEYS, TEXT_KEYS)) {
        file.field(tag).ifPresent(fields::add);
      }
      return fields.isEmpty() ? Optional.empty() : Optional.of(new GeoTags(fields));
    } catch (IOException e) {
      throw new IOException(
          "cannot read the map coordinates of %s: %s".formatted(picture, e.getMessage()), e);
    }
  }

  /** The tags as they are in the file. */
  List<TiffField> fields() {
    return fields;
  }

  /** A tag, if the file has it. */
  Optional<TiffField> field(int tag) {
    return fields.stream().filter(field -> field.tag() == tag).findFirst();
  }
}
