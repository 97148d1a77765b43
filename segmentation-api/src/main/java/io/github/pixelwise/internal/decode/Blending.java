package io.github.pixelwise.internal.decode;

import io.github.pixelwise.Parallelism;
import io.github.pixelwise.ScoreMap;
import io.github.pixelwise.model.ImageGeometry;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Mixes the scores of several tiles for a window that they share. Used by one thread. */
public final class Blending {
  private final boolean onlyWinners;
  private final List<Part> parts = new ArrayList<>();

  /** A tile's scores, and its weights by column and row. */
  private static final class Part {
    final ScoreWindow window;
    final float[] columnWeights;
    final float[] rowWeights;

    Part(ScoreWindow window, float[] columnWeights, float[] rowWeights) {
      this.window = window;
      this.columnWeights = columnWeights;
      this.rowWeights = rowWeights;
    }
  }

  /**
   * Starts with nothing.
   *
   * @param onlyWinners whether only the class with the highest score matters, so that classes that
   *     have it nowhere can be left out
   */
  public Blending(boolean onlyWinners) {
    this.onlyWinners = onlyWinners;
  }

  /**
   * Adds the scores of a tile.
   *
   * @param window the pixels to mix
   * @param columnWeights the tile's weight by the column of the window
   * @param rowWeights the tile's weight by the row of the window. The products of both, summed over
   *     all tiles, must be 1 for each pixel.
   */
  public void add(ScoreWindow window, float[] columnWeights, float[] rowWeights) {
    parts.add(new Part(window.trimmed(), columnWeights, rowWeights));
  }

  /** Returns the mixed scores, with a node for each pixel. */
  public ScoreWindow mixed(Parallelism parallelism) {
    ScoreWindow first = parts.get(0).window;
    int width = first.width();
    int height = first.height();
    int[] channels =
        onlyWinners ? winners() : IntStream.range(0, first.scores.channels()).toArray();
    float[] mixed = new float[channels.length * height * width];
    for (Part part : parts) {
      parallelism.forRows(
          height, 16, (from, to) -> add(part, channels, from, to, width * height, mixed));
    }
    ScoreMap scores =
        ScoreMap.of(
            first.scores.spec(),
            ImageGeometry.stretched(width, height, width, height),
            channels.length,
            width,
            height,
            mixed);
    return ScoreWindow.pixelwise(scores, channels);
  }

  private static void add(Part part, int[] channels, int from, int to, int plane, float[] mixed) {
    GridAxis columns = part.window.columns;
    ScoreRows scoreRows = new ScoreRows(part.window.scores);
    int gridWidth = part.window.scores.width();
    int width = part.columnWeights.length;
    float[] weights = new float[width];
    for (int y = from; y < to; y++) {
      float[] row = scoreRows.at(part.window.rows, y);
      for (int x = 0; x < width; x++) {
        weights[x] = part.columnWeights[x] * part.rowWeights[y];
      }
      for (int i = 0; i < channels.length; i++) {
        int grid = channels[i] * gridWidth;
        int target = i * plane + y * width;
        for (int x = 0; x < width; x++) {
          float left = row[grid + columns.node(x)];
          float right = row[grid + columns.nextNode(x)];
          mixed[target + x] += weights[x] * (left + (right - left) * columns.fraction(x));
        }
      }
    }
  }

  /**
   * The channels that may be highest somewhere. A mixture lies between the lowest and the highest
   * of the scores that it is made of.
   */
  private int[] winners() {
    int channels = parts.get(0).window.scores.channels();
    float[] highest = new float[channels];
    float floor = Float.NEGATIVE_INFINITY;
    float magnitude = 0;
    for (int channel = 0; channel < channels; channel++) {
      float low = Float.POSITIVE_INFINITY;
      float high = Float.NEGATIVE_INFINITY;
      for (Part part : parts) {
        ScoreMap scores = part.window.scores;
        float[] row = new float[scores.width()];
        for (int y = 0; y < scores.height(); y++) {
          scores.copyRow(channel, y, row, 0);
          for (float score : row) {
            low = Math.min(low, score);
            high = Math.max(high, score);
          }
        }
      }
      highest[channel] = high;
      floor = Math.max(floor, low);
      magnitude = Math.max(magnitude, Math.max(Math.abs(low), Math.abs(high)));
    }
    float limit = floor - magnitude * Contenders.ROUNDING;
    return IntStream.range(0, channels).filter(channel -> highest[channel] >= limit).toArray();
  }
}
