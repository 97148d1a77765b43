package io.github.pixelwise;

/**
 * What a segmentation keeps besides the mask.
 *
 * @param confidence whether to keep the probability of each pixel's class, at the source's size
 * @param scores whether to keep the scores, on the network's own grid
 */
public record SegmentationOptions(boolean confidence, boolean scores) {
  /** The mask alone. */
  public static final SegmentationOptions MASK_ONLY = new SegmentationOptions(false, false);

  /**
   * These options with {@link SegmentationResult#confidence()} kept.
   *
   * @return the new options
   */
  public SegmentationOptions withConfidence() {
    return new SegmentationOptions(true, scores);
  }

  /**
   * These options with {@link SegmentationResult#scores()} kept.
   *
   * @return the new options
   */
  public SegmentationOptions withScores() {
    return new SegmentationOptions(confidence, true);
  }
}
