package io.github.pixelwise.internal.decode;

import io.github.pixelwise.ScoreMap;
import java.util.Arrays;

/**
 * Decides for the class with the highest score where each pixel has a node of its own; of equal
 * ones, for the lowest class.
 */
final class PixelRows implements Decoder.RowDecoder {
  private final ScoreMap scores;
  private final int[] channels;
  private final float[] row;
  private final float[] highest;
  private final int[] winners;

  /**
   * @param channels the network's channels that the scores have, ascending
   */
  PixelRows(ScoreMap scores, int[] channels) {
    this.scores = scores;
    this.channels = channels;
    this.row = new float[scores.width()];
    this.highest = new float[scores.width()];
    this.winners = new int[scores.width()];
  }

  @Override
  public void decode(GridAxis rows, int y, CategoryRow categories, float[] confidence) {
    scores.copyRow(0, y, highest, 0);
    Arrays.fill(winners, 0);
    for (int channel = 1; channel < scores.channels(); channel++) {
      scores.copyRow(channel, y, row, 0);
      for (int x = 0; x < row.length; x++) {
        boolean higher = row[x] > highest[x];
        winners[x] = higher ? channel : winners[x];
        highest[x] = higher ? row[x] : highest[x];
      }
    }
    for (int x = 0; x < row.length; x++) {
      categories.set(x, channels[winners[x]]);
    }
  }
}
