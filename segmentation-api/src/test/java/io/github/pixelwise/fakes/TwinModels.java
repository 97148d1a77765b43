package io.github.pixelwise.fakes;

/** Has the names of {@link FakeModels}. */
public final class TwinModels extends FakeModels {
  /** Called by the service loader. */
  public TwinModels() {}
}
