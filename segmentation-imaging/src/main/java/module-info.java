/**
 * Reads and writes images: image files, color profiles, orientation, PNG files of masks, and
 * pictures too large for memory.
 */
module io.github.pixelwise.imaging {
  requires static org.jspecify;
  requires transitive io.github.pixelwise;
  requires transitive java.desktop;

  exports io.github.pixelwise.imaging;
  exports io.github.pixelwise.imaging.stream;
}
