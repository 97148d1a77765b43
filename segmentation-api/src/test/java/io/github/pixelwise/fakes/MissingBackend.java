package io.github.pixelwise.fakes;

/** Never packed into a jar. */
abstract class MissingBackend extends FakeBackend {
  MissingBackend(String name, int priority) {
    super(name, priority);
  }
}
