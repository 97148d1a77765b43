package io.github.pixelwise.testkit;

import io.github.pixelwise.spi.BackendProvider;

class ReferenceCardsTest extends CardConformance {
  @Override
  protected BackendProvider provider() {
    return new ReferenceBackend();
  }
}
