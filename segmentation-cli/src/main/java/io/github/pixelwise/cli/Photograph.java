package io.github.pixelwise.cli;

import java.nio.file.Path;
import java.util.Objects;

/**
 * A photo to segment.
 *
 * @param source its file, or {@link #STANDARD_STREAM}
 * @param stem where its products go, without their suffixes, or {@link #STANDARD_STREAM}
 * @param name its path in the folder of photos, with slashes
 */
record Photograph(Path source, Path stem, String name) {
  /** Standard input, or standard output. */
  static final Path STANDARD_STREAM = Path.of("-");

  /** The photo's path as seen from the folder of a file; empty if it has none. */
  String pathFrom(Path output) {
    if (source.equals(STANDARD_STREAM) || output.equals(STANDARD_STREAM)) {
      return "";
    }
    Path folder = output.toAbsolutePath().normalize().resolveSibling("");
    Path file = source.toAbsolutePath().normalize();
    boolean sameRoot = Objects.equals(folder.getRoot(), file.getRoot());
    return (sameRoot ? folder.relativize(file) : file).toString().replace('\\', '/');
  }
}
