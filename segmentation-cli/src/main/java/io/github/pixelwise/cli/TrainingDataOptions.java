package io.github.pixelwise.cli;

import io.github.pixelwise.evaluation.dataset.Dataset;
import io.github.pixelwise.evaluation.dataset.DatasetReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that say what a network learns from, and what it is measured on. */
final class TrainingDataOptions {
  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec spec;

  @Option(
      names = "--data",
      paramLabel = "FILE",
      description =
          "The photos and masks to learn from, described by a *.dataset.properties file (see"
              + " docs/datasets.md).")
  private @Nullable Path data;

  @Option(
      names = "--validation",
      paramLabel = "FILE|SPLIT",
      description =
          "The photos and masks to measure the model on: another data set, or another split of the"
              + " same one, such as val.")
  private @Nullable String validation;

  @Option(
      names = "--hold-out",
      paramLabel = "SHARE",
      description =
          "Measure the model on this share of the data, for example 0.2, drawn at random by the"
              + " recipe's seed, and learn from the rest.")
  private @Nullable Double holdOut;

  /**
   * The data of a run.
   *
   * @param learned what it learns from
   * @param measured what it is measured on; empty for nothing
   */
  record Parts(Dataset learned, Optional<Dataset> measured) {}

  /** Reads the data, and draws what is held out by a seed. */
  Parts read(long seed) throws IOException {
    if (data == null) {
      throw wrong("name the data set with --data FILE");
    }
    if (validation != null && holdOut != null) {
      throw wrong("--validation and --hold-out both choose the validation photos: name one");
    }
    if (holdOut != null && !(holdOut > 0 && holdOut < 1)) {
      throw wrong("--hold-out must be above 0 and below 1, found " + holdOut);
    }
    Dataset all = Dataset.read(data);
    if (holdOut == null) {
      return new Parts(all, validation == null ? Optional.empty() : Optional.of(other(validation)));
    }
    try {
      double end = 1 - holdOut;
      return new Parts(all.part(0, end, seed), Optional.of(all.part(end, 1, seed)));
    } catch (IllegalArgumentException e) {
      throw wrong(
          "--hold-out %s of %d photos leaves none to learn from, or none to measure the model on"
              .formatted(holdOut, all.samples().size()));
    }
  }

  private Dataset other(String name) throws IOException {
    boolean split = !name.contains("/") && !name.contains(".") && !Files.exists(Path.of(name));
    try {
      return split
          ? DatasetReader.of(Objects.requireNonNull(data)).split(name).read()
          : Dataset.read(Path.of(name));
    } catch (IOException e) {
      throw new IOException("--validation %s: %s".formatted(name, e.getMessage()), e);
    }
  }

  private ParameterException wrong(String message) {
    return new ParameterException(
        Objects.requireNonNull(spec, "injected by picocli").commandLine(), message);
  }
}
