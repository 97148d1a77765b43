package io.github.pixelwise.internal.decode;

import io.github.pixelwise.ScoreMap;
import io.github.pixelwise.model.OutputKind;
import java.util.Arrays;

/** Averages several scores of one photograph on the grid of the first ones. One thread. */
public final class ScoreMean {
  private final ScoreMap first;
  private final float[] sum;
  private int count;

  /**
   * @param first scores that lie on the grid of the mean; not added yet
   * @throws IllegalArgumentException if the network outputs categories
   */
  public ScoreMean(ScoreMap first) {
    if (first.spec().kind() == OutputKind.CATEGORIES) {
      throw new IllegalArgumentException(
          "categories cannot be averaged; open the model with a plan that makes one input");
    }
    this.first = first;
    this.sum = new float[first.channels() * first.height() * first.width()];
    Arrays.fill(sum, -0f); // the only number that leaves all others as they are, -0 included
  }

  /**
   * Adds scores.
   *
   * @param scores scores of the same photograph and network, on a grid of any size
   * @param mirrored whether they are those of the input's mirror image
   */
  public void add(ScoreMap scores, boolean mirrored) {
    count++;
    boolean sameGrid =
        scores.geometry().equals(first.geometry())
            && scores.width() == first.width()
            && scores.height() == first.height();
    if (sameGrid) {
      addRows(scores, mirrored);
    } else {
      addInterpolated(scores, mirrored);
    }
  }

  private void addRows(ScoreMap scores, boolean mirrored) {
    float[] row = new float[scores.width()];
    for (int channel = 0, at = 0; channel < scores.channels(); channel++) {
      for (int y = 0; y < scores.height(); y++) {
        scores.copyRow(channel, y, row, 0);
        for (int x = 0; x < row.length; x++, at++) {
          sum[at] += row[mirrored ? row.length - 1 - x : x];
        }
      }
    }
  }

  /** Interpolates bilinearly, as decoding does. */
  private void addInterpolated(ScoreMap scores, boolean mirrored) {
    GridAxis columns = GridAxis.between(GridSide.columns(first), GridSide.columns(scores));
    GridAxis rows = GridAxis.between(GridSide.rows(first), GridSide.rows(scores));
    ScoreRows interpolated = new ScoreRows(scores);
    int last = scores.width() - 1;
    for (int y = 0; y < first.height(); y++) {
      float[] row = interpolated.at(rows, y);
      for (int channel = 0; channel < first.channels(); channel++) {
        int plane = channel * scores.width();
        int at = (channel * first.height() + y) * first.width();
        for (int x = 0; x < first.width(); x++, at++) {
          int node = columns.node(x);
          int next = columns.nextNode(x);
          float from = row[plane + (mirrored ? last - node : node)];
          float to = row[plane + (mirrored ? last - next : next)];
          sum[at] += from + (to - from) * columns.fraction(x);
        }
      }
    }
  }

  /** Returns the mean of all scores that were added, with the geometry of the first ones. */
  public ScoreMap mean() {
    float[] mean = new float[sum.length];
    for (int i = 0; i < mean.length; i++) {
      mean[i] = sum[i] / count;
    }
    return ScoreMap.of(
        first.spec(), first.geometry(), first.channels(), first.width(), first.height(), mean);
  }
}
