package io.github.pixelwise.internal.decode;

import io.github.pixelwise.Parallelism;
import io.github.pixelwise.ScoreMap;
import io.github.pixelwise.model.ImageGeometry;
import io.github.pixelwise.model.OutputSpec;

/** Mixes the scores of several tiles for a window that they share. Used by one thread. */
public final class Blending {
  private final OutputSpec spec;
  private final int channels;
  private final int width;
  private final int height;
  private final float[] mixed;

  /**
   * Starts with nothing.
   *
   * @param window one of the windows to mix; all have its size
   */
  public Blending(ScoreWindow window) {
    spec = window.scores.spec();
    channels = window.scores.channels();
    width = window.width();
    height = window.height();
    mixed = new float[channels * height * width];
  }

  /**
   * Adds the scores of a tile.
   *
   * @param columnWeights the tile's weight by the column of the window
   * @param rowWeights the tile's weight by the row of the window. The products of both, summed over
   *     all tiles, must be 1 for each pixel.
   */
  public void add(
      ScoreWindow window, float[] columnWeights, float[] rowWeights, Parallelism parallelism) {
    ScoreWindow trimmed = window.trimmed();
    parallelism.forRows(
        height,
        16,
        (from, to) -> {
          ScoreRows scoreRows = new ScoreRows(trimmed.scores);
          float[] weights = new float[width];
          for (int y = from; y < to; y++) {
            float[] row = scoreRows.at(trimmed.rows, y);
            for (int x = 0; x < width; x++) {
              weights[x] = columnWeights[x] * rowWeights[y];
            }
            add(row, trimmed.scores.width(), trimmed.columns, weights, y);
          }
        });
  }

  private void add(float[] row, int gridWidth, GridAxis columns, float[] weights, int y) {
    for (int channel = 0; channel < channels; channel++) {
      int grid = channel * gridWidth;
      int target = (channel * height + y) * width;
      for (int x = 0; x < width; x++) {
        float left = row[grid + columns.node(x)];
        float right = row[grid + columns.nextNode(x)];
        mixed[target + x] += weights[x] * (left + (right - left) * columns.fraction(x));
      }
    }
  }

  /** The mixed scores, with a node for each pixel. Nothing must be added any more. */
  public ScoreWindow mixed() {
    ImageGeometry geometry = ImageGeometry.stretched(width, height, width, height);
    return ScoreWindow.pixelwise(ScoreMap.of(spec, geometry, channels, width, height, mixed));
  }
}
