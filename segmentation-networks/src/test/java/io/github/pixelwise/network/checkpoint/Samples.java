package io.github.pixelwise.network.checkpoint;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Objects;

/** The files that {@code checkpoints.py} made. */
final class Samples {
  private Samples() {}

  static Path path(String name) {
    try {
      return Path.of(Objects.requireNonNull(Samples.class.getResource(name), name).toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }
}
