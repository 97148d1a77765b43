/** Networks as graphs of layers: PyTorch checkpoints in, ONNX and TorchScript out. */
@SuppressWarnings("requires-automatic") // protobuf and the classes of ONNX files
module io.github.pixelwise.network {
  requires static org.jspecify;
  requires transitive io.github.pixelwise;
  requires com.fasterxml.jackson.core;
  requires com.google.protobuf;
  requires org.tribuo.util.onnx;

  exports io.github.pixelwise.network;
  exports io.github.pixelwise.network.checkpoint;
  exports io.github.pixelwise.network.convert;
}
