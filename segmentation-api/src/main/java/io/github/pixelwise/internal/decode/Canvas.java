package io.github.pixelwise.internal.decode;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.ConfidenceMap;
import io.github.pixelwise.internal.util.Sizes;
import java.util.Optional;

/** A mask that is decoded part by part, with the confidence in it if asked for. */
public final class Canvas {
  final int width;
  private final int height;
  private final byte[] low;
  private final byte[] high;

  /** Confidences in steps of 1/255; empty if they are not asked for. */
  final byte[] confidence;

  /**
   * Creates an empty canvas.
   *
   * @param width the width in pixels
   * @param height the height in pixels
   * @param decision what will be decided
   * @param confidence whether to keep the confidence
   */
  public Canvas(int width, int height, Decision decision, boolean confidence) {
    int pixels = Sizes.samples(width, height, 1);
    this.width = width;
    this.height = height;
    this.low = new byte[pixels];
    this.high = new byte[decision.labels().ignoreIndex() > 255 ? pixels : 0];
    this.confidence = new byte[confidence ? pixels : 0];
  }

  CategoryRow row(int left, int y) {
    return new CategoryRow(low, high, y * width + left);
  }

  /** The mask and the confidence. The canvas must not be decoded to again. */
  public Decoder.Decoded decoded() {
    return new Decoder.Decoded(
        high.length > 0
            ? CategoryMask.of(width, height, low, high)
            : CategoryMask.of(width, height, low),
        confidence.length > 0
            ? Optional.of(ConfidenceMap.of(width, height, confidence))
            : Optional.empty());
  }
}
