package io.github.pixelwise;

import java.util.Objects;

/**
 * The size of a segmentation's mask, and what is kept besides it.
 *
 * @param outputSize the size of the mask, and of the confidence
 * @param confidence whether to keep the probability of each pixel's class
 * @param scores whether to keep the scores, on the network's own grid
 */
public record SegmentationOptions(OutputSize outputSize, boolean confidence, boolean scores) {
  /** The mask alone, of the source's size. */
  public static final SegmentationOptions MASK_ONLY =
      new SegmentationOptions(OutputSize.SOURCE, false, false);

  /** Creates options. */
  public SegmentationOptions {
    Objects.requireNonNull(outputSize, "outputSize");
  }

  /**
   * These options with a mask of another size.
   *
   * @param outputSize the size
   * @return the new options
   */
  public SegmentationOptions withOutputSize(OutputSize outputSize) {
    return new SegmentationOptions(outputSize, confidence, scores);
  }

  /**
   * These options with {@link SegmentationResult#confidence()} kept.
   *
   * @return the new options
   */
  public SegmentationOptions withConfidence() {
    return new SegmentationOptions(outputSize, true, scores);
  }

  /**
   * These options with {@link SegmentationResult#scores()} kept.
   *
   * @return the new options
   */
  public SegmentationOptions withScores() {
    return new SegmentationOptions(outputSize, confidence, true);
  }
}
