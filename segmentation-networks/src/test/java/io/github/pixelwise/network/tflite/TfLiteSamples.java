package io.github.pixelwise.network.tflite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** The files that {@code tflite_golden.py} made, and published ones. */
final class TfLiteSamples {
  /** Files that can be read. */
  static final List<String> NAMES =
      List.of("windowed", "enlarged", "functions", "quantized", "halved", "person");

  private TfLiteSamples() {}

  static Path path(String name) {
    String file = name + ".tflite";
    try {
      return Path.of(Objects.requireNonNull(TfLiteSamples.class.getResource(file), file).toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  /** A published file, which stays outside of the repository. Without it the test is skipped. */
  static Path published(String name) {
    Path file = Path.of("../../shared/models/published", name + ".tflite");
    assumeTrue(Files.exists(file), () -> file + " is missing");
    return file;
  }

  /** Reads a file that cannot be read, and returns the message without the path. */
  static String message(Path file) {
    try {
      TfLiteModel.read(file);
    } catch (IOException e) {
      String start = "cannot read the network " + file + ": ";
      assertThat(e).hasMessageStartingWith(start);
      return String.valueOf(e.getMessage()).substring(start.length());
    }
    throw new AssertionError(file + " was read");
  }
}
