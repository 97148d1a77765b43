package io.github.pixelwise.internal.decode;

import io.github.pixelwise.ScoreMap;

/** Decides for class 1 where its probability reaches the threshold, else for class 0. */
final class BinaryDecision {
  private final float threshold;
  private final boolean merged;

  BinaryDecision(ScoreMap scores, Decision decision) {
    this.threshold = decision.binaryThreshold(scores.spec().threshold());
    this.merged = decision.groups()[0] == decision.groups()[1];
  }

  /**
   * Decides on a pixel.
   *
   * @param probability the probability of class 1
   */
  void decide(int x, float probability, CategoryRow categories, float[] confidence) {
    boolean first = probability >= threshold;
    categories.set(x, first ? 1 : 0);
    if (confidence.length > 0) {
      float clamped = Math.max(0, Math.min(1, probability));
      confidence[x] = merged ? 1 : first ? clamped : 1 - clamped;
    }
  }
}
