/** Int8 copies of models, calibrated on photos. */
@SuppressWarnings("requires-automatic") // ONNX Runtime, protobuf, and the classes of ONNX files
module io.github.pixelwise.quantization {
  requires static org.jspecify;
  requires transitive io.github.pixelwise;
  requires io.github.pixelwise.evaluation;
  requires io.github.pixelwise.imaging;
  requires com.google.protobuf;
  requires com.microsoft.onnxruntime;
  requires org.tribuo.util.onnx;

  exports io.github.pixelwise.quantization;
}
