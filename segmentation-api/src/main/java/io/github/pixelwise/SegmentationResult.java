package io.github.pixelwise;

import java.util.Objects;
import java.util.Optional;

/** What segmenting one image gave. Plain heap values; nothing to close. */
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
   * Starts a result.
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
   * This result with a mask made of its own, for example without small regions.
   *
   * @param mask the other mask, of the same categories
   * @return the new result
   */
  public SegmentationResult withMask(CategoryMask mask) {
    Builder builder = builder(mask, labels, palette).timings(timings);
    confidence.ifPresent(builder::confidence);
    scores.ifPresent(builder::scores);
    return builder.build();
  }

  /** {@return the category of every pixel, of the size asked for} */
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

  /** {@return the probability of every pixel's category, if asked for} */
  public Optional<ConfidenceMap> confidence() {
    return confidence;
  }

  /** {@return the scores on the network's grid, if asked for} */
  public Optional<ScoreMap> scores() {
    return scores;
  }

  /** {@return where the time went} */
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
     * Sets where the time went, {@link Timings#NONE} unless called.
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
