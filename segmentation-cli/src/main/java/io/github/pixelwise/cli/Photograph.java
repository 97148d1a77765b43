package io.github.pixelwise.cli;

import java.nio.file.Path;

/**
 * A photograph to segment.
 *
 * @param source its file
 * @param stem where its products go, without their suffixes
 */
record Photograph(Path source, Path stem) {
  Path output(Product product) {
    return stem.resolveSibling(stem.getFileName() + product.suffix());
  }
}
