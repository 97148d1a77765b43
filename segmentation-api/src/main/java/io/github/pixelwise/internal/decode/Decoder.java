package io.github.pixelwise.internal.decode;

import io.github.pixelwise.AlphaMask;
import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.ConfidenceMap;
import io.github.pixelwise.Parallelism;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.ScoreMap;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Turns scores on a network's grid into a mask of the source's size.
 *
 * <p>Scores are interpolated bilinearly and decided on row by row, so that scores at the source's
 * size never exist. Apart from the result, it needs memory for only a few grid rows per thread. An
 * output that is enlarged by Lanczos needs another byte per pixel.
 */
public final class Decoder {
  private Decoder() {}

  /**
   * A mask and, if asked for, the confidence in it.
   *
   * @param mask the mask
   * @param confidence the confidence, if asked for
   */
  public record Decoded(CategoryMask mask, Optional<ConfidenceMap> confidence) {}

  /**
   * Decodes one image's scores.
   *
   * @throws IllegalArgumentException if the network outputs categories that are not in the label
   *     map
   */
  public static Decoded decode(
      ScoreMap scores, Decision decision, boolean wantConfidence, Parallelism parallelism) {
    return decode(
        scores, decision, wantConfidence, parallelism, decoders(scores, decision, parallelism));
  }

  /**
   * Decodes one image's scores along the edges of the image. Apart from the result, it needs memory
   * for a small copy of the image and of the scores.
   *
   * @param scores the scores, of a network that does not output categories
   */
  public static Decoded decodeSharpened(
      ScoreMap scores,
      RgbImage image,
      Decision decision,
      boolean wantConfidence,
      Parallelism parallelism) {
    Sharpening sharpening = Sharpening.of(image, scores, decision, parallelism);
    GridAxis columns = GridAxis.columns(scores);
    return decode(
        scores,
        decision,
        wantConfidence,
        parallelism,
        () -> new SharpenedRows(image, sharpening, scores, columns, decision));
  }

  private static Decoded decode(
      ScoreMap scores,
      Decision decision,
      boolean wantConfidence,
      Parallelism parallelism,
      Supplier<RowDecoder> decoders) {
    int width = scores.geometry().sourceWidth();
    int height = scores.geometry().sourceHeight();
    GridAxis columns = GridAxis.columns(scores);
    GridAxis rows = GridAxis.rows(scores);
    int ignoreIndex = decision.labels().ignoreIndex();
    boolean needsConfidence = wantConfidence || decision.needsProbabilities();
    int pixels = Math.multiplyExact(width, height);
    byte[] low = new byte[pixels];
    byte[] high = new byte[ignoreIndex > 255 ? pixels : 0];
    byte[] steps = new byte[wantConfidence ? pixels : 0];
    parallelism.forRows(
        height,
        16,
        (from, to) -> {
          RowDecoder decoder = decoders.get();
          float[] confidence = new float[needsConfidence ? width : 0];
          for (int y = from; y < to; y++) {
            CategoryRow categories = new CategoryRow(low, high, y * width);
            if (rows.isInside(y)) {
              categories.fill(0, columns.from, ignoreIndex);
              decoder.decode(rows, y, categories, confidence);
              decision.settle(categories, confidence, columns.from, columns.to);
              categories.fill(columns.to, width, ignoreIndex);
            } else {
              categories.fill(0, width, ignoreIndex);
              Arrays.fill(confidence, 0);
            }
            if (wantConfidence) {
              for (int x = 0; x < width; x++) {
                steps[y * width + x] = (byte) (int) (confidence[x] * 255 + 0.5f);
              }
            }
          }
        });
    return new Decoded(
        high.length > 0
            ? CategoryMask.of(width, height, low, high)
            : CategoryMask.of(width, height, low),
        wantConfidence ? Optional.of(ConfidenceMap.of(width, height, steps)) : Optional.empty());
  }

  /** Makes a decoder for each thread. */
  private static Supplier<RowDecoder> decoders(
      ScoreMap scores, Decision decision, Parallelism parallelism) {
    if (LanczosProbability.isFor(scores)) {
      AlphaMask probability = LanczosProbability.of(scores, parallelism);
      return () -> new EnlargedRows(probability, scores, decision);
    }
    GridAxis columns = GridAxis.columns(scores);
    return () -> decoder(scores, decision, columns);
  }

  private static RowDecoder decoder(ScoreMap scores, Decision decision, GridAxis columns) {
    return switch (scores.spec().kind()) {
      case LOGITS -> new ArgMaxRows(scores, columns, decision.groups(), true);
      case PROBABILITIES -> new ArgMaxRows(scores, columns, decision.groups(), false);
      case SIGMOID, BINARY_LOGITS -> new ThresholdRows(scores, columns, decision);
      case CATEGORIES -> new CategoryRows(scores, columns, decision.network());
    };
  }

  /** Decodes one thread's share of the rows. Pixels outside the grid are left unchanged. */
  interface RowDecoder {
    /**
     * Decodes row y into {@code categories}, which are the network's own, and, unless it is empty,
     * {@code confidence}, the probability of the categories' groups.
     */
    void decode(GridAxis rows, int y, CategoryRow categories, float[] confidence);
  }
}
