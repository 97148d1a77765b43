/** Reads and writes images: image files, color profiles, orientation, and PNG files of masks. */
module io.github.pixelwise.imaging {
  requires static org.jspecify;
  requires transitive io.github.pixelwise;
  requires transitive java.desktop;

  exports io.github.pixelwise.imaging;
}
