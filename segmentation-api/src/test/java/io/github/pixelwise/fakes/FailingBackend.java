package io.github.pixelwise.fakes;

/** Fails when made. */
public final class FailingBackend extends FakeBackend {
  /** Called by the service loader. */
  public FailingBackend() {
    super("failing", 99);
    throw new IllegalStateException("no luck");
  }
}
