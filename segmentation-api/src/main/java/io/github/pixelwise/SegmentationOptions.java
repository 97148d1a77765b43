package io.github.pixelwise;

import java.util.Objects;
import java.util.Optional;

/** Options of a segmentation: how it decides, the size of the mask, and what else to keep. */
public final class SegmentationOptions {
  /** Keeps only the mask, at the source's size, in which each pixel has its likeliest class. */
  public static final SegmentationOptions MASK_ONLY =
      new SegmentationOptions(
          OutputSize.SOURCE, Optional.empty(), Thresholds.NONE, false, false, false);

  private final OutputSize outputSize;
  private final Optional<Relabeling> relabeling;
  private final Thresholds thresholds;
  private final boolean confidence;
  private final boolean scores;
  private final boolean sharpening;

  private SegmentationOptions(
      OutputSize outputSize,
      Optional<Relabeling> relabeling,
      Thresholds thresholds,
      boolean confidence,
      boolean scores,
      boolean sharpening) {
    Objects.requireNonNull(outputSize, "outputSize");
    Objects.requireNonNull(relabeling, "relabeling");
    Objects.requireNonNull(thresholds, "thresholds");
    this.outputSize = outputSize;
    this.relabeling = relabeling;
    this.thresholds = thresholds;
    this.confidence = confidence;
    this.scores = scores;
    this.sharpening = sharpening;
  }

  /**
   * Returns these options with another mask size.
   *
   * @param outputSize the size
   * @return the new options
   */
  public SegmentationOptions withOutputSize(OutputSize outputSize) {
    return new SegmentationOptions(
        outputSize, relabeling, thresholds, confidence, scores, sharpening);
  }

  /**
   * Returns these options with other classes than the network's.
   *
   * @param relabeling turns the network's classes into the result's
   * @return the new options
   */
  public SegmentationOptions withRelabeling(Relabeling relabeling) {
    return new SegmentationOptions(
        outputSize, Optional.of(relabeling), thresholds, confidence, scores, sharpening);
  }

  /**
   * Returns these options with thresholds.
   *
   * @param thresholds how sure the network must be of the result's classes
   * @return the new options
   */
  public SegmentationOptions withThresholds(Thresholds thresholds) {
    return new SegmentationOptions(
        outputSize, relabeling, thresholds, confidence, scores, sharpening);
  }

  /**
   * Returns these options, keeping {@link SegmentationResult#confidence()}.
   *
   * @return the new options
   */
  public SegmentationOptions withConfidence() {
    return new SegmentationOptions(outputSize, relabeling, thresholds, true, scores, sharpening);
  }

  /**
   * Returns these options, keeping {@link SegmentationResult#scores()}.
   *
   * @return the new options
   */
  public SegmentationOptions withScores() {
    return new SegmentationOptions(
        outputSize, relabeling, thresholds, confidence, true, sharpening);
  }

  /**
   * Returns these options, with masks whose edges follow those of the image. Near edges, a class
   * spreads to pixels of similar colors, and {@link SegmentationResult#confidence()} is that of the
   * outcome. Scores stay as the network gave them. Needs a network that outputs scores, and {@link
   * OutputSize#SOURCE}.
   *
   * @return the new options
   */
  public SegmentationOptions withSharpening() {
    return new SegmentationOptions(outputSize, relabeling, thresholds, confidence, scores, true);
  }

  /** {@return the size of the mask and the confidence map} */
  public OutputSize outputSize() {
    return outputSize;
  }

  /** {@return the classes of the result; the network's own if empty} */
  public Optional<Relabeling> relabeling() {
    return relabeling;
  }

  /** {@return how sure the network must be} */
  public Thresholds thresholds() {
    return thresholds;
  }

  /** {@return whether to keep the probability of each pixel's class} */
  public boolean confidence() {
    return confidence;
  }

  /** {@return whether to keep the scores, on the network's own grid} */
  public boolean scores() {
    return scores;
  }

  /** {@return whether the mask's edges follow those of the image} */
  public boolean sharpening() {
    return sharpening;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SegmentationOptions that
        && outputSize.equals(that.outputSize)
        && relabeling.equals(that.relabeling)
        && thresholds.equals(that.thresholds)
        && confidence == that.confidence
        && scores == that.scores
        && sharpening == that.sharpening;
  }

  @Override
  public int hashCode() {
    return Objects.hash(outputSize, relabeling, thresholds, confidence, scores, sharpening);
  }

  @Override
  public String toString() {
    return "SegmentationOptions[outputSize=%s, relabeling=%s, thresholds=%s, confidence=%s, scores=%s, sharpening=%s]"
        .formatted(outputSize, relabeling, thresholds, confidence, scores, sharpening);
  }

  /** The size of a mask. */
  public enum OutputSize {
    /** The source image's size. Pixels that the network did not see are void. */
    SOURCE,
    /** The size of the network's input, cropped and padded like the input. */
    MODEL
  }
}
