/** The backend on OpenCV's DNN module. */
module io.github.pixelwise.opencv {
  requires static org.jspecify;
  requires transitive io.github.pixelwise;
  requires io.github.pixelwise.models.onnx;
  requires org.bytedeco.javacpp;
  requires org.bytedeco.opencv;

  exports io.github.pixelwise.opencv;

  provides io.github.pixelwise.spi.BackendProvider with
      io.github.pixelwise.opencv.OpenCvBackend;
}
