package io.github.pixelwise.onnx;

import io.github.pixelwise.spi.BackendProvider;
import io.github.pixelwise.testkit.CardConformance;

class OnnxCardsTest extends CardConformance {
  @Override
  protected BackendProvider provider() {
    return new OnnxBackend();
  }
}
