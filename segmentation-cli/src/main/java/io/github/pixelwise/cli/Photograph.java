package io.github.pixelwise.cli;

import io.github.pixelwise.products.Product;
import java.nio.file.Path;

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
}
