package io.github.pixelwise.model;

import java.net.URI;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * One file of a model: the network in one format.
 *
 * @param format the file's format
 * @param location where the file is: a {@code file:} or {@code jar:} URI
 * @param sha256 the SHA-256 of its content as 64 hexadecimal digits, checked when the model is
 *     opened; empty if unknown, which is allowed only for files outside a jar
 */
public record ModelFile(ModelFormat format, URI location, Optional<String> sha256) {
  /**
   * Creates a file.
   *
   * @param format the file's format
   * @param location where the file is: a {@code file:} or {@code jar:} URI
   * @param sha256 the SHA-256 of its content as 64 hexadecimal digits, checked when the model is
   *     opened; empty if unknown, which is allowed only for files outside a jar
   * @throws IllegalArgumentException if the hash is not 64 hexadecimal digits
   */
  public ModelFile {
    Objects.requireNonNull(format, "format");
    Objects.requireNonNull(location, "location");
    sha256 = sha256.map(hash -> hash.toLowerCase(Locale.ROOT));
    if (sha256.isPresent() && !sha256.get().matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException(
          "a SHA-256 has 64 hexadecimal digits, found \"" + sha256.get() + "\"");
    }
  }
}
