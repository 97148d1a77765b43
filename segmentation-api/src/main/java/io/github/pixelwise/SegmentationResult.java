package io.github.pixelwise;

import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/** The result of segmenting one image. Holds plain heap values; nothing to close. */
public final class SegmentationResult {
  private final CategoryMask mask;
  private final LabelMap labels;
  private final Palette palette;
  private final Optional<ConfidenceMap> confidence;
  private final Optional<ScoreMap> scores;
  private final Timings timings;

  private SegmentationResult(Builder builder) {
    this.mask = builder.mask;
    this.labels = builder.labels;
    this.palette = builder.palette;
    this.confidence = builder.confidence;
    this.scores = builder.scores;
    this.timings = builder.timings;
  }

  /**
   * Starts building a result.
   *
   * @param mask the category of every pixel
   * @param labels the names of the categories, and which category is void
   * @param palette the colors of the categories
   * @return a builder
   */
  public static Builder builder(CategoryMask mask, LabelMap labels, Palette palette) {
    return new Builder(mask, labels, palette);
  }

  /**
   * Returns this result with another mask, for example one without small regions.
   *
   * @param mask the other mask, with the same categories
   * @return the new result
   */
  public SegmentationResult withMask(CategoryMask mask) {
    Builder builder = builder(mask, labels, palette).timings(timings);
    confidence.ifPresent(builder::confidence);
    scores.ifPresent(builder::scores);
    return builder.build();
  }

  /** {@return the category of every pixel, at the requested size} */
  public CategoryMask mask() {
    return mask;
  }

  /** {@return the names of the categories, and which category is void} */
  public LabelMap labels() {
    return labels;
  }

  /** {@return the colors of the categories} */
  public Palette palette() {
    return palette;
  }

  /** {@return the probability of every pixel's category, if requested} */
  public Optional<ConfidenceMap> confidence() {
    return confidence;
  }

  /** {@return the scores on the network's grid, if requested} */
  public Optional<ScoreMap> scores() {
    return scores;
  }

  /**
   * Returns the classes that were found, and how much of the picture each takes up. Counts the
   * mask's pixels at each call.
   *
   * @return an unmodifiable map from the names of classes, and {@code "void"} for void pixels, to
   *     their shares of all pixels, above 0 and up to 1; the largest share comes first
   */
  public Map<String, Double> shares() {
    Map<Integer, Long> pixels = new HashMap<>();
    int[] row = new int[mask.width()];
    for (int y = 0; y < mask.height(); y++) {
      mask.copyRow(y, row, 0);
      // Rows are long runs of one category: one look-up for each run, not for each pixel.
      for (int from = 0, to; from < row.length; from = to) {
        to = from + 1;
        while (to < row.length && row[to] == row[from]) {
          to++;
        }
        pixels.merge(row[from], (long) to - from, Long::sum);
      }
    }
    double all = (double) mask.width() * mask.height();
    Map<String, Double> shares = new LinkedHashMap<>();
    pixels.entrySet().stream()
        .sorted(
            Map.Entry.<Integer, Long>comparingByValue(Comparator.reverseOrder())
                .thenComparing(Map.Entry.comparingByKey()))
        .forEach(
            entry ->
                shares.merge(labels.name(entry.getKey()), entry.getValue() / all, Double::sum));
    return Collections.unmodifiableMap(shares);
  }

  /**
   * Returns whether a class was found, even if only in a single pixel; {@link #shares} says how
   * much of the picture it covers.
   *
   * @param name the class's name; case does not matter
   * @return whether at least one pixel has that class
   * @throws IllegalArgumentException if the model has no class with that name; the message lists
   *     the classes
   */
  public boolean contains(String name) {
    int category = labels.category(name);
    int[] row = new int[mask.width()];
    return IntStream.range(0, mask.height())
        .anyMatch(
            y -> {
              mask.copyRow(y, row, 0);
              return IntStream.of(row).anyMatch(found -> found == category);
            });
  }

  /** {@return how long each stage took} */
  public Timings timings() {
    return timings;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SegmentationResult that
        && mask.equals(that.mask)
        && labels.equals(that.labels)
        && palette.equals(that.palette)
        && confidence.equals(that.confidence)
        && scores.equals(that.scores)
        && timings.equals(that.timings);
  }

  @Override
  public int hashCode() {
    return Objects.hash(mask, labels, palette, confidence, scores, timings);
  }

  @Override
  public String toString() {
    return "SegmentationResult[mask=%s, labels=%s, palette=%s, confidence=%s, scores=%s, timings=%s]"
        .formatted(mask, labels, palette, confidence, scores, timings);
  }

  /** Builds a {@link SegmentationResult}. */
  public static final class Builder {
    private final CategoryMask mask;
    private final LabelMap labels;
    private final Palette palette;
    private Optional<ConfidenceMap> confidence = Optional.empty();
    private Optional<ScoreMap> scores = Optional.empty();
    private Timings timings = Timings.NONE;

    private Builder(CategoryMask mask, LabelMap labels, Palette palette) {
      this.mask = Objects.requireNonNull(mask, "mask");
      this.labels = Objects.requireNonNull(labels, "labels");
      this.palette = Objects.requireNonNull(palette, "palette");
    }

    /**
     * Adds confidences.
     *
     * @param confidence the probability of every pixel's category
     * @return this builder
     */
    public Builder confidence(ConfidenceMap confidence) {
      this.confidence = Optional.of(confidence);
      return this;
    }

    /**
     * Adds scores.
     *
     * @param scores the scores on the network's grid
     * @return this builder
     */
    public Builder scores(ScoreMap scores) {
      this.scores = Optional.of(scores);
      return this;
    }

    /**
     * Sets how long each stage took; the default is {@link Timings#NONE}.
     *
     * @param timings the times
     * @return this builder
     */
    public Builder timings(Timings timings) {
      this.timings = Objects.requireNonNull(timings, "timings");
      return this;
    }

    /** {@return the result} */
    public SegmentationResult build() {
      return new SegmentationResult(this);
    }
  }
}
