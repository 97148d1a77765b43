package io.github.pixelwise.internal.decode;

import io.github.pixelwise.ScoreMap;
import org.jspecify.annotations.Nullable;

/**
 * A rectangle of a source image's pixels, and where they lie on the grid of its scores. Immutable.
 */
public final class ScoreWindow {
  final ScoreMap scores;
  final GridAxis columns;
  final GridAxis rows;
  private final int width;
  private final int height;

  /** The network's channels by those of the scores; null unless each pixel has its own node. */
  final int @Nullable [] channels;

  private ScoreWindow(
      ScoreMap scores,
      GridAxis columns,
      GridAxis rows,
      int width,
      int height,
      int @Nullable [] channels) {
    this.scores = scores;
    this.columns = columns;
    this.rows = rows;
    this.width = width;
    this.height = height;
    this.channels = channels;
  }

  /** All pixels of the source. */
  public static ScoreWindow of(ScoreMap scores) {
    return of(scores, null);
  }

  /**
   * All pixels of scores that have a node for each.
   *
   * @param channels the network's channels that the scores have
   */
  static ScoreWindow pixelwise(ScoreMap scores, int[] channels) {
    return of(scores, channels);
  }

  private static ScoreWindow of(ScoreMap scores, int @Nullable [] channels) {
    return new ScoreWindow(
        scores,
        GridAxis.columns(scores),
        GridAxis.rows(scores),
        scores.geometry().sourceWidth(),
        scores.geometry().sourceHeight(),
        channels);
  }

  int width() {
    return width;
  }

  int height() {
    return height;
  }

  /** Whether the network saw all these pixels. */
  public boolean isSeen() {
    return columns.from == 0 && columns.to == width && rows.from == 0 && rows.to == height;
  }

  /** A part of these pixels. */
  public ScoreWindow part(int left, int top, int width, int height) {
    return new ScoreWindow(
        scores, columns.part(left, width), rows.part(top, height), width, height, null);
  }

  /** The same pixels with a copy of only the scores that they need. */
  public ScoreWindow trimmed() {
    int left = columns.node(0);
    int top = rows.node(0);
    int gridWidth = columns.nextNode(width - 1) - left + 1;
    int gridHeight = rows.nextNode(height - 1) - top + 1;
    float[] row = new float[scores.width()];
    float[] kept = new float[scores.channels() * gridWidth * gridHeight];
    for (int channel = 0, to = 0; channel < scores.channels(); channel++) {
      for (int y = top; y < top + gridHeight; y++, to += gridWidth) {
        scores.copyRow(channel, y, row, 0);
        System.arraycopy(row, left, kept, to, gridWidth);
      }
    }
    ScoreMap map =
        ScoreMap.of(
            scores.spec(), scores.geometry(), scores.channels(), gridWidth, gridHeight, kept);
    return new ScoreWindow(
        map, columns.onGrid(left, gridWidth), rows.onGrid(top, gridHeight), width, height, null);
  }
}
