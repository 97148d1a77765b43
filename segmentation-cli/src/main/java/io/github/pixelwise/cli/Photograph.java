package io.github.pixelwise.cli;

import io.github.pixelwise.products.Product;
import java.nio.file.Path;
import java.util.Objects;

/**
 * A photo to segment.
 *
 * @param source its file, or {@link #STANDARD_STREAM}
 * @param stem where its products go, without their suffixes, or {@link #STANDARD_STREAM}
 */
record Photograph(Path source, Path stem) {
  /** Standard input, or standard output. */
  static final Path STANDARD_STREAM = Path.of("-");

  Path output(Product product) {
    return stem.equals(STANDARD_STREAM)
        ? stem
        : stem.resolveSibling(stem.getFileName() + product.suffix());
  }

  /** The photo's path as seen from the folder of its products; empty if it has none. */
  String pathFromProducts() {
    if (source.equals(STANDARD_STREAM) || stem.equals(STANDARD_STREAM)) {
      return "";
    }
    Path folder = stem.toAbsolutePath().normalize().resolveSibling("");
    Path file = source.toAbsolutePath().normalize();
    boolean sameRoot = Objects.equals(folder.getRoot(), file.getRoot());
    return (sameRoot ? folder.relativize(file) : file).toString().replace('\\', '/');
  }
}
