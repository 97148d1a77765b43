package io.github.pixelwise.opencv;

import io.github.pixelwise.spi.BackendProvider;
import io.github.pixelwise.testkit.CardConformance;

class OpenCvCardsTest extends CardConformance {
  @Override
  protected BackendProvider provider() {
    return new OpenCvBackend();
  }
}
