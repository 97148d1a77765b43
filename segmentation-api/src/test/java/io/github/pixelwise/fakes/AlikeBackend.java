package io.github.pixelwise.fakes;

/** Reads ONNX, at the priority of {@link GoodBackend}. */
public final class AlikeBackend extends FakeBackend {
  /** Called by the service loader. */
  public AlikeBackend() {
    super("alike", 10);
  }
}
