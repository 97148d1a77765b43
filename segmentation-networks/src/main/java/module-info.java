/**
 * Networks as graphs of layers: PyTorch checkpoints and TensorFlow Lite files in, ONNX and
 * TorchScript out.
 */
@SuppressWarnings("requires-automatic") // protobuf and the classes of ONNX files
module io.github.pixelwise.network {
  requires static org.jspecify;
  requires transitive io.github.pixelwise;
  requires com.fasterxml.jackson.core;
  requires com.google.protobuf;
  requires flatbuffers.java;
  requires org.tribuo.util.onnx;

  exports io.github.pixelwise.network;
  exports io.github.pixelwise.network.checkpoint;
  exports io.github.pixelwise.network.convert;
  exports io.github.pixelwise.network.tflite;
}
