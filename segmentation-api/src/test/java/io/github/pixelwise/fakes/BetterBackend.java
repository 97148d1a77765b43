package io.github.pixelwise.fakes;

/** Reads ONNX, at a higher priority than {@link GoodBackend}. */
public final class BetterBackend extends FakeBackend {
  /** Called by the service loader. */
  public BetterBackend() {
    super("better", 20);
  }
}
