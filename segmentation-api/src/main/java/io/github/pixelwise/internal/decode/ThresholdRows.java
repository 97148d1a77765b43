package io.github.pixelwise.internal.decode;

import io.github.pixelwise.ScoreMap;
import io.github.pixelwise.model.OutputKind;

/** Decides by the probability of class 1: the interpolated score, or its sigmoid. */
final class ThresholdRows implements Decoder.RowDecoder {
  private final ScoreRows scoreRows;
  private final GridAxis columns;
  private final boolean logits;
  private final BinaryDecision binary;

  ThresholdRows(ScoreMap scores, GridAxis columns, Decision decision) {
    this.scoreRows = new ScoreRows(scores);
    this.columns = columns;
    this.logits = scores.spec().kind() == OutputKind.BINARY_LOGITS;
    this.binary = new BinaryDecision(scores, decision);
  }

  @Override
  public void decode(GridAxis rows, int y, CategoryRow categories, float[] confidence) {
    float[] scores = scoreRows.at(rows, y);
    for (int x = columns.from; x < columns.to; x++) {
      float left = scores[columns.node(x)];
      float right = scores[columns.nextNode(x)];
      float score = left + (right - left) * columns.fraction(x);
      binary.decide(x, logits ? sigmoid(score) : score, categories, confidence);
    }
  }

  static float sigmoid(float logit) {
    return (float) (1 / (1 + Math.exp(-logit)));
  }
}
