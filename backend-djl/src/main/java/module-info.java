/** The backend on PyTorch, through DJL. */
@SuppressWarnings("requires-automatic") // DJL is not a module
module io.github.pixelwise.djl {
  requires static org.jspecify;
  requires transitive io.github.pixelwise;
  requires ai.djl.api;
  requires ai.djl.pytorch_engine;
  requires io.github.pixelwise.models.torchscript;

  // What DJL needs but cannot declare, because it has no module descriptor.
  requires com.google.gson;
  requires org.slf4j;

  exports io.github.pixelwise.djl;

  provides io.github.pixelwise.spi.BackendProvider with
      io.github.pixelwise.djl.DjlBackend;
}
