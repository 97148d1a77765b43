package io.github.pixelwise.internal.decode;

import io.github.pixelwise.RgbImage;
import io.github.pixelwise.ScoreMap;
import java.util.Optional;

/** Decides by probabilities that follow the edges of the photograph. */
final class SharpenedRows implements Decoder.RowDecoder {
  private final RgbImage photo;
  private final Sharpening sharpening;
  private final GridAxis columns;
  private final int[] groups;
  private final Optional<BinaryDecision> binary;

  /** Where the photograph's pixels lie on the small copy. */
  private final GridAxis across;

  private final GridAxis down;
  private final byte[] colors;

  /** A row of each coefficient: those of red, green, and blue, and the constant, class by class. */
  private final float[][] coefficients;

  /** A pixel's probabilities, class by class. */
  private final float[] values;

  SharpenedRows(
      RgbImage photo, Sharpening sharpening, ScoreMap scores, GridAxis columns, Decision decision) {
    this.photo = photo;
    this.sharpening = sharpening;
    this.columns = columns;
    this.groups = decision.groups();
    this.binary =
        scores.spec().kind().isBinary()
            ? Optional.of(new BinaryDecision(scores, decision))
            : Optional.empty();
    int scale = sharpening.photo().scale();
    across = GridAxis.onCopy(photo.width(), scale, sharpening.photo().width());
    down = GridAxis.onCopy(photo.height(), scale, sharpening.photo().height());
    colors = new byte[photo.width() * 3];
    int classes = sharpening.categories().length;
    coefficients = new float[classes * 4][sharpening.photo().width()];
    values = new float[classes];
  }

  @Override
  public void decode(GridAxis rows, int y, CategoryRow categories, float[] confidence) {
    photo.copyRow(y, colors, 0);
    int upper = sharpening.photo().index(0, down.node(y));
    int lower = sharpening.photo().index(0, down.nextNode(y));
    interpolate(upper, lower, down.fraction(y));
    for (int x = columns.from, end; x < columns.to; x = end) {
      end = Math.min(columns.to, across.endOfCell(x));
      int left = across.node(x);
      int right = across.nextNode(x);
      if (binary.isPresent()) {
        decide(binary.get(), x, end, categories, confidence);
      } else if (sharpening.isUncertain(upper + left)
          || sharpening.isUncertain(upper + right)
          || sharpening.isUncertain(lower + left)
          || sharpening.isUncertain(lower + right)) {
        decide(x, end, categories, confidence);
      } else {
        // All four have the same likeliest category: otherwise, an edge would be near.
        int category = sharpening.likeliest(upper + left);
        categories.fill(x, end, category);
        for (int i = x; i < end && confidence.length > 0; i++) {
          evaluate(i);
          confidence[i] = confidence(category);
        }
      }
    }
  }

  private void interpolate(int upper, int lower, float fraction) {
    for (int line = 0; line < coefficients.length; line++) {
      float[] plane = sharpening.model(line / 4).plane(line % 4);
      float[] row = coefficients[line];
      for (int x = 0; x < row.length; x++) {
        row[x] = plane[upper + x] + (plane[lower + x] - plane[upper + x]) * fraction;
      }
    }
  }

  private void decide(
      BinaryDecision decision, int from, int to, CategoryRow categories, float[] confidence) {
    for (int x = from; x < to; x++) {
      evaluate(x);
      decision.decide(x, SmallProbabilities.clamp(values[1]), categories, confidence);
    }
  }

  private void decide(int from, int to, CategoryRow categories, float[] confidence) {
    int[] candidates = sharpening.categories();
    for (int x = from; x < to; x++) {
      evaluate(x);
      int best = 0;
      for (int c = 1; c < values.length; c++) {
        best = values[c] > values[best] ? c : best;
      }
      categories.set(x, candidates[best]);
      if (confidence.length > 0) {
        confidence[x] = confidence(candidates[best]);
      }
    }
  }

  /** Computes the probabilities of a pixel, which may be slightly below 0 or above 1. */
  private void evaluate(int x) {
    int left = across.node(x);
    int right = across.nextNode(x);
    float t = across.fraction(x);
    float red = (colors[x * 3] & 0xff) / 255f;
    float green = (colors[x * 3 + 1] & 0xff) / 255f;
    float blue = (colors[x * 3 + 2] & 0xff) / 255f;
    for (int c = 0; c < values.length; c++) {
      values[c] =
          at(coefficients[c * 4], left, right, t) * red
              + at(coefficients[c * 4 + 1], left, right, t) * green
              + at(coefficients[c * 4 + 2], left, right, t) * blue
              + at(coefficients[c * 4 + 3], left, right, t);
    }
  }

  private static float at(float[] row, int left, int right, float t) {
    return row[left] + (row[right] - row[left]) * t;
  }

  /** The probability of a category's group in the pixel that was evaluated last. */
  private float confidence(int category) {
    float sum = 0;
    int[] candidates = sharpening.categories();
    for (int c = 0; c < candidates.length; c++) {
      if (groups[candidates[c]] == groups[category]) {
        sum += SmallProbabilities.clamp(values[c]);
      }
    }
    return Math.min(1, sum);
  }
}
