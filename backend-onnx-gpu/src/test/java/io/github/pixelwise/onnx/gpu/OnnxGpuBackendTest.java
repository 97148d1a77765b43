package io.github.pixelwise.onnx.gpu;

import io.github.pixelwise.Device;
import io.github.pixelwise.onnx.OnnxBackend;
import io.github.pixelwise.spi.BackendProvider;
import io.github.pixelwise.testkit.BackendConformance;

/** Conformance of the CUDA jar, on the first GPU or, if there is none, on the CPU. */
class OnnxGpuBackendTest extends BackendConformance {
  @Override
  protected BackendProvider provider() {
    return new OnnxBackend();
  }

  @Override
  protected Device device() {
    return Device.parse(provider().availability().devices().split(", ", 2)[0]);
  }
}
