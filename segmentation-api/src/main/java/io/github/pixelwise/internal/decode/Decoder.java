package io.github.pixelwise.internal.decode;

import io.github.pixelwise.AlphaMask;
import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.ConfidenceMap;
import io.github.pixelwise.Parallelism;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.ScoreMap;
import io.github.pixelwise.model.OutputKind;
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
    ScoreWindow all = ScoreWindow.of(scores);
    Canvas canvas = new Canvas(all.width(), all.height(), decision, wantConfidence);
    decode(all, decision, canvas, 0, 0, parallelism);
    return canvas.decoded();
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
    ScoreWindow all = ScoreWindow.of(scores);
    Canvas canvas = new Canvas(all.width(), all.height(), decision, wantConfidence);
    decode(
        all,
        decision,
        canvas,
        0,
        0,
        parallelism,
        () -> new SharpenedRows(image, sharpening, scores, all.columns, decision));
    return canvas.decoded();
  }

  /**
   * Decodes a window of one image's scores into a part of a mask.
   *
   * @param left the column of the canvas where the window begins
   * @param top the row of the canvas where the window begins
   * @throws IllegalArgumentException if the network outputs categories that are not in the label
   *     map
   */
  public static void decode(
      ScoreWindow window,
      Decision decision,
      Canvas canvas,
      int left,
      int top,
      Parallelism parallelism) {
    int[] channels = window.channels;
    decode(
        window,
        decision,
        canvas,
        left,
        top,
        parallelism,
        channels != null && needsOnlyWinners(window, decision, canvas)
            ? () -> new PixelRows(window.scores, channels)
            : decoders(window, decision, parallelism));
  }

  /** Whether decoding only needs to know which class has the highest score. */
  public static boolean needsOnlyWinners(ScoreWindow window, Decision decision, Canvas canvas) {
    OutputKind kind = window.scores.spec().kind();
    return (kind == OutputKind.LOGITS || kind == OutputKind.PROBABILITIES)
        && canvas.confidence.length == 0
        && !decision.needsProbabilities();
  }

  private static void decode(
      ScoreWindow window,
      Decision decision,
      Canvas canvas,
      int left,
      int top,
      Parallelism parallelism,
      Supplier<RowDecoder> decoders) {
    int width = window.width();
    GridAxis columns = window.columns;
    GridAxis rows = window.rows;
    int ignoreIndex = decision.labels().ignoreIndex();
    boolean wantConfidence = canvas.confidence.length > 0;
    boolean needsConfidence = wantConfidence || decision.needsProbabilities();
    parallelism.forRows(
        window.height(),
        16,
        (from, to) -> {
          RowDecoder decoder = decoders.get();
          float[] confidence = new float[needsConfidence ? width : 0];
          for (int y = from; y < to; y++) {
            CategoryRow categories = canvas.row(left, top + y);
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
              int start = (top + y) * canvas.width + left;
              for (int x = 0; x < width; x++) {
                canvas.confidence[start + x] = (byte) (int) (confidence[x] * 255 + 0.5f);
              }
            }
          }
        });
  }

  /** Makes a decoder for each thread. */
  private static Supplier<RowDecoder> decoders(
      ScoreWindow window, Decision decision, Parallelism parallelism) {
    ScoreMap scores = window.scores;
    if (LanczosProbability.isFor(scores)) {
      AlphaMask probability = LanczosProbability.of(scores, parallelism);
      return () -> new EnlargedRows(probability, scores, decision);
    }
    return () -> decoder(scores, decision, window.columns);
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
