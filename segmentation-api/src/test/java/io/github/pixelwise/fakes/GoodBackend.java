package io.github.pixelwise.fakes;

/** Reads ONNX. */
public final class GoodBackend extends FakeBackend {
  /** Called by the service loader. */
  public GoodBackend() {
    super("good", 10);
  }
}
