/**
 * Semantic segmentation for the JVM: the types, the pipeline and the interfaces of its plug-ins.
 */
@SuppressWarnings("module") // a qualified export names a module that is compiled later
module io.github.pixelwise {
  requires static org.jspecify;
  requires transitive java.desktop;

  exports io.github.pixelwise;
  exports io.github.pixelwise.awt;
  exports io.github.pixelwise.spi;
  exports io.github.pixelwise.internal to
      io.github.pixelwise.djl,
      io.github.pixelwise.onnx,
      io.github.pixelwise.opencv,
      io.github.pixelwise.postprocess,
      io.github.pixelwise.zoo;

  uses io.github.pixelwise.spi.BackendProvider;
  uses io.github.pixelwise.spi.ModelProvider;
}
