package io.github.pixelwise;

import java.util.Objects;
import java.util.Optional;

/**
 * What segmenting one image gave. Plain heap values; nothing to close.
 *
 * @param mask the category of every pixel, of the size asked for
 * @param labels the names of the categories, and which category is void
 * @param palette the colors of the categories
 * @param confidence the probability of every pixel's category, if asked for
 * @param scores the scores on the network's grid, if asked for
 * @param timings where the time went
 */
public record SegmentationResult(
    CategoryMask mask,
    LabelMap labels,
    Palette palette,
    Optional<ConfidenceMap> confidence,
    Optional<ScoreMap> scores,
    Timings timings) {
  /** Creates a result. */
  public SegmentationResult {
    Objects.requireNonNull(mask, "mask");
    Objects.requireNonNull(labels, "labels");
    Objects.requireNonNull(palette, "palette");
    Objects.requireNonNull(confidence, "confidence");
    Objects.requireNonNull(scores, "scores");
    Objects.requireNonNull(timings, "timings");
  }

  /**
   * This result with a mask made of its own, for example without small regions.
   *
   * @param mask the other mask, of the same categories
   * @return the new result
   */
  public SegmentationResult withMask(CategoryMask mask) {
    return new SegmentationResult(mask, labels, palette, confidence, scores, timings);
  }
}
