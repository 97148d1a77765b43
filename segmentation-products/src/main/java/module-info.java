/** One recipe for photographs: masks, overlays, cutouts and reports, the same bytes everywhere. */
module io.github.pixelwise.products {
  requires static org.jspecify;
  requires transitive io.github.pixelwise;
  requires transitive io.github.pixelwise.imaging;
  requires io.github.pixelwise.postprocess;
  requires com.fasterxml.jackson.core;

  exports io.github.pixelwise.products;
}
