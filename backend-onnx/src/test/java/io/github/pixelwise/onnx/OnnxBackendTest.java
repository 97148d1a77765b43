package io.github.pixelwise.onnx;

import io.github.pixelwise.spi.BackendProvider;
import io.github.pixelwise.testkit.BackendConformance;

class OnnxBackendTest extends BackendConformance {
  @Override
  protected BackendProvider provider() {
    return new OnnxBackend();
  }
}
