package io.github.pixelwise.testkit;

import io.github.pixelwise.spi.BackendProvider;

class ReferenceBackendTest extends BackendConformance {
  @Override
  protected BackendProvider provider() {
    return new ReferenceBackend();
  }
}
