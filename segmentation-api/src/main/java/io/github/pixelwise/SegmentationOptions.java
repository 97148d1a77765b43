package io.github.pixelwise;

import java.util.Objects;
import java.util.Optional;

/**
 * How a segmentation decides, the size of its mask, and what is kept besides it.
 *
 * @param outputSize the size of the mask, and of the confidence
 * @param relabeling the classes of the result; the network's own if empty
 * @param thresholds how sure the network must be
 * @param confidence whether to keep the probability of each pixel's class
 * @param scores whether to keep the scores, on the network's own grid
 */
public record SegmentationOptions(
    OutputSize outputSize,
    Optional<Relabeling> relabeling,
    Thresholds thresholds,
    boolean confidence,
    boolean scores) {
  /** The mask alone, of the source's size, each pixel of the network's likeliest class. */
  public static final SegmentationOptions MASK_ONLY =
      new SegmentationOptions(OutputSize.SOURCE, Optional.empty(), Thresholds.NONE, false, false);

  /** Creates options. */
  public SegmentationOptions {
    Objects.requireNonNull(outputSize, "outputSize");
    Objects.requireNonNull(relabeling, "relabeling");
    Objects.requireNonNull(thresholds, "thresholds");
  }

  /**
   * These options with a mask of another size.
   *
   * @param outputSize the size
   * @return the new options
   */
  public SegmentationOptions withOutputSize(OutputSize outputSize) {
    return new SegmentationOptions(outputSize, relabeling, thresholds, confidence, scores);
  }

  /**
   * These options with other classes than the network's.
   *
   * @param relabeling what becomes of the network's classes
   * @return the new options
   */
  public SegmentationOptions withRelabeling(Relabeling relabeling) {
    return new SegmentationOptions(
        outputSize, Optional.of(relabeling), thresholds, confidence, scores);
  }

  /**
   * These options with thresholds.
   *
   * @param thresholds how sure the network must be of the result's classes
   * @return the new options
   */
  public SegmentationOptions withThresholds(Thresholds thresholds) {
    return new SegmentationOptions(outputSize, relabeling, thresholds, confidence, scores);
  }

  /**
   * These options with {@link SegmentationResult#confidence()} kept.
   *
   * @return the new options
   */
  public SegmentationOptions withConfidence() {
    return new SegmentationOptions(outputSize, relabeling, thresholds, true, scores);
  }

  /**
   * These options with {@link SegmentationResult#scores()} kept.
   *
   * @return the new options
   */
  public SegmentationOptions withScores() {
    return new SegmentationOptions(outputSize, relabeling, thresholds, confidence, true);
  }
}
