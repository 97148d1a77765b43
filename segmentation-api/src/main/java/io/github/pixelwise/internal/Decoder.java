package io.github.pixelwise.internal;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.ConfidenceMap;
import io.github.pixelwise.ScoreMap;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Turns scores on a network's grid into a mask of the source's size.
 *
 * <p>Scores are interpolated bilinearly and decided on row by row, so that scores at the source's
 * size never exist. Memory beyond the result is a few grid rows a thread.
 */
final class Decoder {
  private Decoder() {}

  /**
   * A mask and, if asked for, the confidence in it.
   *
   * @param mask the mask
   * @param confidence the confidence, if asked for
   */
  record Decoded(CategoryMask mask, Optional<ConfidenceMap> confidence) {}

  /**
   * Decodes one image's scores.
   *
   * @throws IllegalArgumentException if categories in the graph are not of the label map
   */
  static Decoded decode(ScoreMap scores, Decision decision, boolean wantConfidence) {
    int width = scores.geometry().sourceWidth();
    int height = scores.geometry().sourceHeight();
    GridAxis columns = GridAxis.columns(scores);
    GridAxis rows = GridAxis.rows(scores);
    int ignoreIndex = decision.labels().ignoreIndex();
    boolean needsConfidence = wantConfidence || decision.needsProbabilities();
    Canvas canvas = new Canvas(width, height, ignoreIndex <= 255, wantConfidence);
    Rows.inParallel(
        height,
        16,
        (from, to) -> {
          RowDecoder decoder = decoder(scores, decision, columns);
          int[] categories = new int[width];
          float[] confidence = new float[needsConfidence ? width : 0];
          for (int y = from; y < to; y++) {
            Arrays.fill(categories, ignoreIndex);
            Arrays.fill(confidence, 0);
            if (rows.isInside(y)) {
              decoder.decode(rows, y, categories, confidence);
              decision.settle(categories, confidence, columns.from, columns.to);
            }
            canvas.put(y, categories, confidence);
          }
        });
    return canvas.finish();
  }

  private static RowDecoder decoder(ScoreMap scores, Decision decision, GridAxis columns) {
    return switch (scores.spec().kind()) {
      case LOGITS -> new ArgMaxRows(scores, columns, decision.groups(), true);
      case PROBABILITIES -> new ArgMaxRows(scores, columns, decision.groups(), false);
      case SIGMOID -> new ThresholdRows(scores, columns, decision);
      case CATEGORIES -> new CategoryRows(scores, columns, decision.network());
    };
  }

  /** Decodes rows, one thread's share of them. Pixels outside the grid are left alone. */
  interface RowDecoder {
    /**
     * Decodes row y into {@code categories}, the network's own, and, unless it is empty, {@code
     * confidence}, the probability of their groups.
     */
    void decode(GridAxis rows, int y, int[] categories, float[] confidence);
  }

  /** The picture that decoded rows are put into, by several threads. */
  private static final class Canvas {
    private final int width;
    private final int height;
    private final byte[] narrow;
    private final int[] wide;
    private final byte @Nullable [] confidence;

    Canvas(int width, int height, boolean fits, boolean wantConfidence) {
      this.width = width;
      this.height = height;
      int pixels = Math.multiplyExact(width, height);
      narrow = new byte[fits ? pixels : 0];
      wide = new int[fits ? 0 : pixels];
      confidence = wantConfidence ? new byte[pixels] : null;
    }

    void put(int y, int[] categories, float[] probabilities) {
      int offset = y * width;
      if (wide.length > 0) {
        System.arraycopy(categories, 0, wide, offset, width);
      } else {
        for (int x = 0; x < width; x++) {
          narrow[offset + x] = (byte) categories[x];
        }
      }
      if (confidence != null) {
        for (int x = 0; x < width; x++) {
          confidence[offset + x] = (byte) (int) (probabilities[x] * 255 + 0.5f);
        }
      }
    }

    Decoded finish() {
      return new Decoded(
          wide.length > 0
              ? CategoryMask.copyOf(width, height, wide)
              : CategoryMask.of(width, height, narrow),
          Optional.ofNullable(confidence).map(c -> ConfidenceMap.of(width, height, c)));
    }
  }
}
