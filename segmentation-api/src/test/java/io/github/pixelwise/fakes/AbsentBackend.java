package io.github.pixelwise.fakes;

import io.github.pixelwise.model.ModelFormat;
import io.github.pixelwise.spi.Availability;

/** Cannot be used. */
public final class AbsentBackend extends FakeBackend {
  /** Called by the service loader. */
  public AbsentBackend() {
    super("absent", 90, ModelFormat.ONNX, Availability.unavailable("libabsent.so is missing"));
  }
}
