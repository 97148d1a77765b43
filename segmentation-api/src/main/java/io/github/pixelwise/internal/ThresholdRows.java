package io.github.pixelwise.internal;

import io.github.pixelwise.ScoreMap;

/**
 * Decides for class 1 where its interpolated probability reaches the threshold, else for class 0.
 */
final class ThresholdRows implements Decoder.RowDecoder {
  private final ScoreRows scoreRows;
  private final GridAxis columns;
  private final float threshold;
  private final boolean merged;

  ThresholdRows(ScoreMap scores, GridAxis columns, Decision decision) {
    this.scoreRows = new ScoreRows(scores);
    this.columns = columns;
    this.threshold = decision.sigmoidThreshold(scores.spec().threshold());
    this.merged = decision.groups()[0] == decision.groups()[1];
  }

  @Override
  public void decode(GridAxis rows, int y, CategoryRow categories, float[] confidence) {
    float[] probabilities = scoreRows.at(rows, y);
    for (int x = columns.from; x < columns.to; x++) {
      float left = probabilities[columns.node(x)];
      float right = probabilities[columns.nextNode(x)];
      float probability = left + (right - left) * columns.fraction(x);
      boolean first = probability >= threshold;
      categories.set(x, first ? 1 : 0);
      if (confidence.length > 0) {
        float clamped = Math.max(0, Math.min(1, probability));
        confidence[x] = merged ? 1 : first ? clamped : 1 - clamped;
      }
    }
  }
}
