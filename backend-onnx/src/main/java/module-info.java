/** The backend on ONNX Runtime. */
@SuppressWarnings("requires-automatic") // ONNX Runtime is not a module
module io.github.pixelwise.onnx {
  requires static org.jspecify;
  requires transitive io.github.pixelwise;
  requires com.microsoft.onnxruntime;
  requires io.github.pixelwise.models.onnx;

  exports io.github.pixelwise.onnx;

  provides io.github.pixelwise.spi.BackendProvider with
      io.github.pixelwise.onnx.OnnxBackend;
}
