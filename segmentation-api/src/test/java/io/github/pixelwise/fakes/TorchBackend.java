package io.github.pixelwise.fakes;

import io.github.pixelwise.model.ModelFormat;
import io.github.pixelwise.spi.Availability;

/** Reads TorchScript. */
public final class TorchBackend extends FakeBackend {
  /** Called by the service loader. */
  public TorchBackend() {
    super("torch", 50, ModelFormat.TORCHSCRIPT, Availability.of("Fake 1.0", "cpu"));
  }
}
