package io.github.pixelwise.zoo;

import io.github.pixelwise.LabelMap;
import io.github.pixelwise.zoo.internal.transfer.Expected;
import java.net.URI;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * A model that can be fetched by name: a published checkpoint or network, and its publisher's
 * figures. Immutable.
 */
public final class ZooEntry {
  /** The tolerance of a size that is rounded, or that of the weights alone: the larger of both. */
  private static final long SLACK = 1 << 20;

  private static final double RELATIVE_SLACK = 0.05;

  private final String name;
  private final String description;
  private final String license;
  private final URI source;
  private final long size;
  private final String sha256;
  private final LabelMap labels;
  private final OptionalDouble meanIou;
  private final OptionalDouble pixelAccuracy;
  private final OptionalLong parameters;

  /** Creates an entry of which no figures are published. */
  ZooEntry(
      String name,
      String description,
      String license,
      URI source,
      long size,
      String sha256,
      LabelMap labels) {
    this(
        name,
        description,
        license,
        source,
        size,
        sha256,
        labels,
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        OptionalLong.empty());
  }

  /** Creates an entry with its publisher's figures. */
  ZooEntry(
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
    this(
        name,
        description,
        license,
        source,
        size,
        sha256,
        labels,
        OptionalDouble.of(meanIou),
        OptionalDouble.of(pixelAccuracy),
        OptionalLong.of(parameters));
  }

  /** Creates an entry of which the size is not published, only the number of parameters. */
  ZooEntry(
      String name,
      String description,
      String license,
      URI source,
      String sha256,
      LabelMap labels,
      double meanIou,
      long parameters) {
    this(
        name,
        description,
        license,
        source,
        Float.BYTES * parameters,
        sha256,
        labels,
        OptionalDouble.of(meanIou),
        OptionalDouble.empty(),
        OptionalLong.of(parameters));
  }

  private ZooEntry(
      String name,
      String description,
      String license,
      URI source,
      long size,
      String sha256,
      LabelMap labels,
      OptionalDouble meanIou,
      OptionalDouble pixelAccuracy,
      OptionalLong parameters) {
    Objects.requireNonNull(description, "description");
    Objects.requireNonNull(license, "license");
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(labels, "labels");
    boolean onHub = HubName.matches(name);
    if (!onHub && !name.matches("[a-z0-9]+([-_][a-z0-9]+)*")) {
      throw new IllegalArgumentException(
          "a name may contain only lowercase letters, digits, hyphens and underscores, found \""
              + name
              + "\"");
    }
    if (size < 1) {
      throw new IllegalArgumentException("size must be at least 1 byte, found " + size);
    }
    if (!onHub && !sha256.matches("[0-9a-f]{8}|[0-9a-f]{64}")) {
      throw new IllegalArgumentException(
          "sha256 must be all 64 or the first 8 lowercase hexadecimal digits, found \""
              + sha256
              + "\"");
    }
    this.name = name;
    this.description = description;
    this.license = license;
    this.source = source;
    this.size = size;
    this.sha256 = sha256;
    this.labels = labels;
    this.meanIou = meanIou;
    this.pixelAccuracy = pixelAccuracy;
    this.parameters = parameters;
  }

  /**
   * Returns whether the checkpoint's exact size and full hash are known and verified.
   *
   * @return whether size and hash are exact; otherwise the size is rounded and the hash abbreviated
   */
  public boolean exact() {
    return sha256.length() == 64;
  }

  /** What is known of the checkpoint. */
  Expected expected() {
    long slack = Math.max(SLACK, Math.round(RELATIVE_SLACK * size));
    return new Expected(size, exact() ? 0 : slack, Expected.Kind.SHA256, sha256);
  }

  /** Formats the size. */
  String megabytes() {
    return String.format(Locale.ROOT, "%.1f MB", size / 1e6);
  }

  /** {@return the model's name} */
  public String name() {
    return name;
  }

  /** {@return a one-sentence description} */
  public String description() {
    return description;
  }

  /** {@return its license: an SPDX identifier if there is one, otherwise its name} */
  public String license() {
    return license;
  }

  /** {@return the checkpoint's address; for models on the Hub, their page} */
  public URI source() {
    return source;
  }

  /**
   * {@return the checkpoint's size in bytes; unless {@link #exact()}, rounded to a tenth of a MiB,
   * or that of the weights alone}
   */
  public long size() {
    return size;
  }

  /**
   * {@return the checkpoint's SHA-256 as 64 lowercase hexadecimal digits, or only the first eight
   * if no more are published; empty for models on the Hub, which reports it when they are fetched}
   */
  public String sha256() {
    return sha256;
  }

  /** {@return the names of its classes} */
  public LabelMap labels() {
    return labels;
  }

  /** {@return the published mean intersection over union, in percent, if there is one} */
  public OptionalDouble meanIou() {
    return meanIou;
  }

  /** {@return the published pixel accuracy, in percent, if there is one} */
  public OptionalDouble pixelAccuracy() {
    return pixelAccuracy;
  }

  /**
   * {@return the published number of parameters, including those of an auxiliary head, if there is
   * one}
   */
  public OptionalLong parameters() {
    return parameters;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ZooEntry that
        && name.equals(that.name)
        && description.equals(that.description)
        && license.equals(that.license)
        && source.equals(that.source)
        && size == that.size
        && sha256.equals(that.sha256)
        && labels.equals(that.labels)
        && meanIou.equals(that.meanIou)
        && pixelAccuracy.equals(that.pixelAccuracy)
        && parameters.equals(that.parameters);
  }

  @Override
  public int hashCode() {
    return Objects.hash(
        name,
        description,
        license,
        source,
        size,
        sha256,
        labels,
        meanIou,
        pixelAccuracy,
        parameters);
  }

  @Override
  public String toString() {
    return "ZooEntry[name=%s, description=%s, license=%s, source=%s, size=%s, sha256=%s, labels=%s, meanIou=%s, pixelAccuracy=%s, parameters=%s]"
        .formatted(
            name,
            description,
            license,
            source,
            size,
            sha256,
            labels,
            meanIou,
            pixelAccuracy,
            parameters);
  }
}
