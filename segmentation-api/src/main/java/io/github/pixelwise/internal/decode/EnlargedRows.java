package io.github.pixelwise.internal.decode;

import io.github.pixelwise.AlphaMask;
import io.github.pixelwise.ScoreMap;

/** Decides by probabilities of class 1 that already have the source's size. */
final class EnlargedRows implements Decoder.RowDecoder {
  private final AlphaMask probability;
  private final BinaryDecision binary;
  private final byte[] row;

  EnlargedRows(AlphaMask probability, ScoreMap scores, Decision decision) {
    this.probability = probability;
    this.binary = new BinaryDecision(scores, decision);
    this.row = new byte[probability.width()];
  }

  @Override
  public void decode(GridAxis rows, int y, CategoryRow categories, float[] confidence) {
    probability.copyRow(y, row, 0);
    for (int x = 0; x < row.length; x++) {
      binary.decide(x, (row[x] & 0xff) / 255f, categories, confidence);
    }
  }
}
