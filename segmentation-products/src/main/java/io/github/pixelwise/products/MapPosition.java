package io.github.pixelwise.products;

import io.github.pixelwise.postprocess.shape.Georeference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where a photograph lies on the map.
 *
 * @param georeference where it lies
 * @param source what says so, for messages
 */
record MapPosition(Georeference georeference, String source) {
  /** Positions that the photograph itself has, such as those of GeoTIFF, are to be read here. */
  static Optional<MapPosition> find(Path photograph) throws IOException {
    Optional<Path> file = worldFile(photograph);
    return file.isPresent()
        ? Optional.of(
            new MapPosition(Georeference.readWorldFile(file.get()), file.get().toString()))
        : Optional.empty();
  }

  /**
   * The world file beside a photograph. For {@code photo.tif}, it is named {@code photo.tfw},
   * {@code photo.tifw}, or {@code photo.wld}; case does not matter if all of the suffix has it.
   */
  private static Optional<Path> worldFile(Path photograph) {
    String name = photograph.getFileName().toString();
    int dot = name.lastIndexOf('.');
    if (dot < 0 || dot == name.length() - 1) {
      return Optional.empty();
    }
    String suffix = name.substring(dot + 1).toLowerCase(Locale.ROOT);
    String ends = "" + suffix.charAt(0) + suffix.charAt(suffix.length() - 1);
    return Stream.of(ends + "w", suffix + "w", "wld")
        .flatMap(found -> List.of(found, found.toUpperCase(Locale.ROOT)).stream())
        .map(found -> photograph.resolveSibling(name.substring(0, dot + 1) + found))
        .filter(Files::isRegularFile)
        .findFirst();
  }
}
