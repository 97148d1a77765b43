package io.github.pixelwise.fakes;

/** Has the name of {@link GoodBackend}. */
public final class TwinBackend extends FakeBackend {
  /** Called by the service loader. */
  public TwinBackend() {
    super("good", 30);
  }
}
