package io.github.pixelwise.zoo;

import io.github.pixelwise.LabelMap;
import java.net.URI;
import java.util.Locale;
import java.util.Objects;

/**
 * A model that can be fetched by name: a published checkpoint and what its publisher says of it.
 * Immutable.
 *
 * @param name the model's name
 * @param description what it is, in a sentence
 * @param license its licence, as an SPDX identifier
 * @param source the checkpoint's address
 * @param size the checkpoint's size in bytes; to a tenth of a MiB only unless {@link #exact()}
 * @param sha256 the checkpoint's SHA-256 as 64 lower-case hexadecimal digits, or its first eight
 *     where no more is published
 * @param labels the names of its classes
 * @param meanIou the published mean intersection over union, in per cent
 * @param pixelAccuracy the published share of pixels that are right, in per cent
 * @param parameters the published number of its parameters, those of an auxiliary head among them
 */
public record ZooEntry(
    String name,
    String description,
    String license,
    URI source,
    long size,
    String sha256,
    LabelMap labels,
    double meanIou,
    double pixelAccuracy,
    long parameters) {

  /**
   * Creates an entry.
   *
   * @throws IllegalArgumentException if the name is not made of lower-case letters, digits and
   *     hyphens, the size is below 1, or the hash has neither 8 nor 64 digits
   */
  public ZooEntry {
    Objects.requireNonNull(description, "description");
    Objects.requireNonNull(license, "license");
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(labels, "labels");
    if (!name.matches("[a-z0-9]+(-[a-z0-9]+)*")) {
      throw new IllegalArgumentException(
          "a name is made of lower-case letters, digits and hyphens, found \"" + name + "\"");
    }
    if (size < 1) {
      throw new IllegalArgumentException("size must be at least 1 byte, found " + size);
    }
    if (!sha256.matches("[0-9a-f]{8}|[0-9a-f]{64}")) {
      throw new IllegalArgumentException(
          "sha256 is 64 or the first 8 lower-case hexadecimal digits, found \"" + sha256 + "\"");
    }
  }

  /**
   * Tells how well the checkpoint is known, and so how it is checked.
   *
   * @return whether size and hash are known to the last digit
   */
  public boolean exact() {
    return sha256.length() == 64;
  }

  /** The size in words. */
  String megabytes() {
    return String.format(Locale.ROOT, "%.1f MB", size / 1e6);
  }
}
