package io.github.pixelwise.internal.decode;

import io.github.pixelwise.ScoreMap;
import io.github.pixelwise.model.OutputKind;

/**
 * Decides for class 1 where its probability reaches the threshold, else for class 0. The
 * probability is the interpolated score, or its sigmoid.
 */
final class ThresholdRows implements Decoder.RowDecoder {
  private final ScoreRows scoreRows;
  private final GridAxis columns;
  private final boolean logits;
  private final float threshold;
  private final boolean merged;

  ThresholdRows(ScoreMap scores, GridAxis columns, Decision decision) {
    this.scoreRows = new ScoreRows(scores);
    this.columns = columns;
    this.logits = scores.spec().kind() == OutputKind.BINARY_LOGITS;
    this.threshold = decision.binaryThreshold(scores.spec().threshold());
    this.merged = decision.groups()[0] == decision.groups()[1];
  }

  @Override
  public void decode(GridAxis rows, int y, CategoryRow categories, float[] confidence) {
    float[] scores = scoreRows.at(rows, y);
    for (int x = columns.from; x < columns.to; x++) {
      float left = scores[columns.node(x)];
      float right = scores[columns.nextNode(x)];
      float score = left + (right - left) * columns.fraction(x);
      float probability = logits ? sigmoid(score) : score;
      boolean first = probability >= threshold;
      categories.set(x, first ? 1 : 0);
      if (confidence.length > 0) {
        float clamped = Math.max(0, Math.min(1, probability));
        confidence[x] = merged ? 1 : first ? clamped : 1 - clamped;
      }
    }
  }

  static float sigmoid(float logit) {
    return (float) (1 / (1 + Math.exp(-logit)));
  }
}
