package io.github.pixelwise;

import io.github.pixelwise.tile.Tiles;
import java.util.Objects;
import java.util.Optional;

/** Options of a segmentation: how it decides, the size of the mask, and what else to keep. */
public final class SegmentationOptions {
  /** Keeps only the mask, at the source's size, in which each pixel has its likeliest class. */
  public static final SegmentationOptions MASK_ONLY =
      new SegmentationOptions(
          OutputSize.SOURCE,
          Optional.empty(),
          Thresholds.NONE,
          false,
          false,
          false,
          Optional.empty());

  private final OutputSize outputSize;
  private final Optional<Relabeling> relabeling;
  private final Thresholds thresholds;
  private final boolean confidence;
  private final boolean scores;
  private final boolean sharpening;
  private final Optional<Tiles> tiles;

  private SegmentationOptions(
      OutputSize outputSize,
      Optional<Relabeling> relabeling,
      Thresholds thresholds,
      boolean confidence,
      boolean scores,
      boolean sharpening,
      Optional<Tiles> tiles) {
    Objects.requireNonNull(outputSize, "outputSize");
    Objects.requireNonNull(relabeling, "relabeling");
    Objects.requireNonNull(thresholds, "thresholds");
    this.outputSize = outputSize;
    this.relabeling = relabeling;
    this.thresholds = thresholds;
    this.confidence = confidence;
    this.scores = scores;
    this.sharpening = sharpening;
    this.tiles = tiles;
  }

  /**
   * Returns these options with another mask size.
   *
   * @param outputSize the size
   * @return the new options
   */
  public SegmentationOptions withOutputSize(OutputSize outputSize) {
    return new SegmentationOptions(
        outputSize, relabeling, thresholds, confidence, scores, sharpening, tiles);
  }

  /**
   * Returns these options with other classes than the network's.
   *
   * @param relabeling turns the network's classes into the result's
   * @return the new options
   */
  public SegmentationOptions withRelabeling(Relabeling relabeling) {
    return new SegmentationOptions(
        outputSize, Optional.of(relabeling), thresholds, confidence, scores, sharpening, tiles);
  }

  /**
   * Returns these options with thresholds.
   *
   * @param thresholds how sure the network must be of the result's classes
   * @return the new options
   */
  public SegmentationOptions withThresholds(Thresholds thresholds) {
    return new SegmentationOptions(
        outputSize, relabeling, thresholds, confidence, scores, sharpening, tiles);
  }

  /**
   * Returns these options, keeping {@link SegmentationResult#confidence()}.
   *
   * @return the new options
   */
  public SegmentationOptions withConfidence() {
    return new SegmentationOptions(
        outputSize, relabeling, thresholds, true, scores, sharpening, tiles);
  }

  /**
   * Returns these options, keeping {@link SegmentationResult#scores()}.
   *
   * @return the new options
   */
  public SegmentationOptions withScores() {
    return new SegmentationOptions(
        outputSize, relabeling, thresholds, confidence, true, sharpening, tiles);
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
    return new SegmentationOptions(
        outputSize, relabeling, thresholds, confidence, scores, true, tiles);
  }

  /**
   * Returns these options for pictures that are much larger than the network's input: each tile
   * goes through the network alone, at the size that the card gives it. Then the mask has the size
   * of the source, and scores cannot be kept.
   *
   * @param size the side of a tile in pixels of the picture, at least 16
   * @param overlap how many pixels two neighbors share, 0 to half of {@code size}; see {@link
   *     Tiles}
   * @return the new options
   * @throws IllegalArgumentException if a number is out of range
   */
  public SegmentationOptions withTiles(int size, int overlap) {
    return new SegmentationOptions(
        outputSize,
        relabeling,
        thresholds,
        confidence,
        scores,
        sharpening,
        Optional.of(new Tiles(size, overlap)));
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

  /** {@return how to divide pictures; if empty, the network sees them whole} */
  public Optional<Tiles> tiles() {
    return tiles;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SegmentationOptions that
        && outputSize.equals(that.outputSize)
        && relabeling.equals(that.relabeling)
        && thresholds.equals(that.thresholds)
        && confidence == that.confidence
        && scores == that.scores
        && sharpening == that.sharpening
        && tiles.equals(that.tiles);
  }

  @Override
  public int hashCode() {
    return Objects.hash(outputSize, relabeling, thresholds, confidence, scores, sharpening, tiles);
  }

  @Override
  public String toString() {
    return "SegmentationOptions[outputSize=%s, relabeling=%s, thresholds=%s, confidence=%s, scores=%s, sharpening=%s, tiles=%s]"
        .formatted(outputSize, relabeling, thresholds, confidence, scores, sharpening, tiles);
  }

  /** The size of a mask. */
  public enum OutputSize {
    /** The source image's size. Pixels that the network did not see are void. */
    SOURCE,
    /** The size of the network's input, cropped and padded like the input. */
    MODEL
  }
}
