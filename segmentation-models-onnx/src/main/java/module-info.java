/** The weights of the embedded model in ONNX, for backends that read it. */
module io.github.pixelwise.models.onnx {}
