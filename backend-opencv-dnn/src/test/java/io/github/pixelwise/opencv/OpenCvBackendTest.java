package io.github.pixelwise.opencv;

import io.github.pixelwise.spi.BackendProvider;
import io.github.pixelwise.testkit.BackendConformance;

class OpenCvBackendTest extends BackendConformance {
  @Override
  protected BackendProvider provider() {
    return new OpenCvBackend();
  }
}
