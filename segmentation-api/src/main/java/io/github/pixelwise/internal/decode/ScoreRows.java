package io.github.pixelwise.internal.decode;

import io.github.pixelwise.ScoreMap;

/** Interpolates a score map vertically: all channels' scores on the grid's columns, for one row. */
final class ScoreRows {
  private final ScoreMap scores;
  private final int length;
  private int upperNode = -1;
  private final float[] upper;
  private final float[] lower;
  private final float[] row;

  ScoreRows(ScoreMap scores) {
    this.scores = scores;
    length = scores.channels() * scores.width();
    upper = new float[length];
    lower = new float[length];
    row = new float[length];
  }

  /**
   * Moves to the grid's rows above and below a source row.
   *
   * @param rows where source rows lie on the grid
   * @param y the source row
   * @return whether they differ from those before
   */
  boolean goTo(GridAxis rows, int y) {
    int node = rows.node(y);
    if (node == upperNode) {
      return false;
    }
    copy(node, upper);
    copy(rows.nextNode(y), lower);
    upperNode = node;
    return true;
  }

  /** The grid's row above, channel by channel. */
  float[] upper() {
    return upper;
  }

  /** The grid's row below, channel by channel. */
  float[] lower() {
    return lower;
  }

  /**
   * Returns the scores of a source row, channel by channel, valid until the next call.
   *
   * @param rows where source rows lie on the grid
   * @param y the source row
   */
  float[] at(GridAxis rows, int y) {
    goTo(rows, y);
    float t = rows.fraction(y);
    for (int i = 0; i < length; i++) {
      row[i] = upper[i] + (lower[i] - upper[i]) * t;
    }
    return row;
  }

  private void copy(int node, float[] target) {
    for (int channel = 0; channel < scores.channels(); channel++) {
      scores.copyRow(channel, node, target, channel * scores.width());
    }
  }
}
