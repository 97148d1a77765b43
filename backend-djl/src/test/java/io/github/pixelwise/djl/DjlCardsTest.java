package io.github.pixelwise.djl;

import io.github.pixelwise.spi.BackendProvider;
import io.github.pixelwise.testkit.CardConformance;

class DjlCardsTest extends CardConformance {
  @Override
  protected BackendProvider provider() {
    return new DjlBackend();
  }
}
