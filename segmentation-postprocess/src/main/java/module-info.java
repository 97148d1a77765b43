/**
 * From mask to picture: regions, colors, overlays, outlines, alpha, morphology, compositing, and
 * statistics.
 */
module io.github.pixelwise.postprocess {
  requires static org.jspecify;
  requires transitive io.github.pixelwise;
  requires com.fasterxml.jackson.core;
  requires java.xml;

  exports io.github.pixelwise.postprocess;
  exports io.github.pixelwise.postprocess.shape;
}
