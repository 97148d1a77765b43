package io.github.pixelwise.fakes;

/** Its superclass is left out of its jar. */
public final class OrphanBackend extends MissingBackend {
  /** Called by the service loader. */
  public OrphanBackend() {
    super("orphan", 99);
  }
}
