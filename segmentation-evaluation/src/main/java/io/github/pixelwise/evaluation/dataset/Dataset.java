package io.github.pixelwise.evaluation.dataset;

import io.github.pixelwise.LabelMap;
import io.github.pixelwise.Palette;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;

/** Photographs with true masks. Immutable. */
public final class Dataset {
  private final String name;
  private final LabelMap labels;
  private final Palette palette;
  private final List<Sample> samples;

  private Dataset(String name, LabelMap labels, Palette palette, List<Sample> samples) {
    this.name = name;
    this.labels = labels;
    this.palette = palette;
    this.samples = samples;
  }

  /**
   * Returns a data set.
   *
   * @param name what reports call it
   * @param labels its classes; void pixels have their ignore index
   * @param palette the colors of its classes
   * @param samples its samples, at least one, each with a name of its own
   * @return the data set
   * @throws IllegalArgumentException if there is no sample, or two have one name
   */
  public static Dataset of(
      String name, LabelMap labels, Palette palette, List<? extends Sample> samples) {
    if (samples.isEmpty()) {
      throw new IllegalArgumentException("data set " + name + " has no photographs");
    }
    Set<String> names = new HashSet<>();
    for (Sample sample : samples) {
      if (!names.add(sample.name())) {
        throw new IllegalArgumentException(
            "data set %s has two photographs named %s".formatted(name, sample.name()));
      }
    }
    return new Dataset(
        name,
        Objects.requireNonNull(labels, "labels"),
        Objects.requireNonNull(palette, "palette"),
        List.copyOf(samples));
  }

  /**
   * Reads a data set that a small file describes, as the page {@code docs/datasets.md} has it.
   * Lists are read and files are found; photographs and masks are read from the samples.
   *
   * @param file the file, {@code *.dataset.properties}, UTF-8
   * @return the data set
   * @throws IOException as {@link DatasetReader#read} does
   */
  public static Dataset read(Path file) throws IOException {
    return DatasetReader.of(file).read();
  }

  /** {@return what reports call it} */
  public String name() {
    return name;
  }

  /** {@return its classes; void pixels have their ignore index} */
  public LabelMap labels() {
    return labels;
  }

  /** {@return the colors of its classes} */
  public Palette palette() {
    return palette;
  }

  /** {@return its samples, in a fixed order} */
  public List<Sample> samples() {
    return samples;
  }

  /**
   * Returns the data set's first samples.
   *
   * @param count how many, at least 1; all if there are fewer
   * @return a data set of these
   */
  public Dataset first(int count) {
    return of(name, labels, palette, samples.subList(0, Math.min(count, samples.size())));
  }

  /**
   * Returns a random part of the data set. Parts of one seed that share no share of {@code 0..1}
   * share no sample: {@code part(0, 0.8, 1)} and {@code part(0.8, 1, 1)} are a split for training
   * and validation.
   *
   * @param from where the part begins, 0 to 1
   * @param to where it ends, above {@code from}, at most 1
   * @param seed the seed of the order in which samples are drawn
   * @return the part, its samples in the order of the whole
   * @throws IllegalArgumentException if the part is empty or out of range
   */
  public Dataset part(double from, double to, long seed) {
    if (!(from >= 0 && from < to && to <= 1)) {
      throw new IllegalArgumentException(
          "a part must lie in 0..1 and not be empty, found %s to %s".formatted(from, to));
    }
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < samples.size(); i++) {
      order.add(i);
    }
    Collections.shuffle(order, new Random(seed));
    int first = (int) Math.round(from * order.size());
    int last = (int) Math.round(to * order.size());
    return of(
        name,
        labels,
        palette,
        order.subList(first, last).stream().sorted().map(samples::get).toList());
  }

  /** The name, the number of samples and of classes. */
  @Override
  public String toString() {
    return "Dataset[%s, %d samples, %d classes]".formatted(name, samples.size(), labels.size());
  }
}
