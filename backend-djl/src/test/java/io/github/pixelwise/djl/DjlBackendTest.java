package io.github.pixelwise.djl;

import io.github.pixelwise.spi.BackendProvider;
import io.github.pixelwise.testkit.BackendConformance;

class DjlBackendTest extends BackendConformance {
  @Override
  protected BackendProvider provider() {
    return new DjlBackend();
  }
}
