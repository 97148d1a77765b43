package io.github.pixelwise.internal;

import io.github.pixelwise.ScoreMap;
import java.util.Arrays;

/**
 * Decides for the class with the highest interpolated score; the lower one where two are equal.
 *
 * <p>Between two grid nodes every class's score is linear, and a class that is best at both nodes
 * is best between them: most cells need no comparison a pixel. Where a and b are best at the nodes,
 * a third class c can win between them only if it wins where a and b cross: c - max(a, b) is
 * concave, and not positive at the nodes, so if it is positive anywhere, it is at the kink.
 */
final class ArgMaxRows implements Decoder.RowDecoder {
  private final ScoreRows scoreRows;
  private final GridAxis columns;
  private final int[] groups;
  private final boolean softmax;

  /**
   * How far below the best score others do not count: all of them together take less than e^-12
   * from a confidence, 1/600 of its steps.
   */
  private final double negligible;

  private final int channels;
  private final int gridWidth;
  private final int[] best;
  private final float[] bestScore;

  /**
   * @param groups a number for each channel; a confidence is that of all channels with one number
   * @param softmax whether scores are logits, not probabilities
   */
  ArgMaxRows(ScoreMap scores, GridAxis columns, int[] groups, boolean softmax) {
    this.scoreRows = new ScoreRows(scores);
    this.columns = columns;
    this.groups = groups;
    this.softmax = softmax;
    this.channels = scores.channels();
    this.negligible = 12 + Math.log(channels);
    this.gridWidth = scores.width();
    this.best = new int[gridWidth];
    this.bestScore = new float[gridWidth];
  }

  @Override
  public void decode(GridAxis rows, int y, int[] categories, float[] confidence) {
    float[] scores = scoreRows.at(rows, y);
    findBestOfNodes(scores);
    for (int x = columns.from; x < columns.to; ) {
      int end = columns.endOfCell(x);
      int left = columns.node(x);
      int right = columns.nextNode(x);
      decodeCell(scores, left, right, x, end, categories);
      if (confidence.length > 0) {
        for (int i = x; i < end; i++) {
          confidence[i] = confidence(scores, left, right, columns.fraction(i), categories[i]);
        }
      }
      x = end;
    }
  }

  private void findBestOfNodes(float[] scores) {
    Arrays.fill(best, 0);
    System.arraycopy(scores, 0, bestScore, 0, gridWidth);
    for (int channel = 1; channel < channels; channel++) {
      int plane = channel * gridWidth;
      for (int node = 0; node < gridWidth; node++) {
        if (scores[plane + node] > bestScore[node]) {
          bestScore[node] = scores[plane + node];
          best[node] = channel;
        }
      }
    }
  }

  private void decodeCell(float[] scores, int left, int right, int from, int to, int[] categories) {
    int a = best[left];
    int b = best[right];
    if (a == b) {
      Arrays.fill(categories, from, to, a);
    } else if (to - from > 2 && onlyTwo(scores, left, right, a, b)) {
      int low = Math.min(a, b);
      int high = Math.max(a, b);
      for (int x = from; x < to; x++) {
        float t = columns.fraction(x);
        categories[x] =
            score(scores, high, left, right, t) > score(scores, low, left, right, t) ? high : low;
      }
    } else {
      for (int x = from; x < to; x++) {
        categories[x] = argMax(scores, left, right, columns.fraction(x));
      }
    }
  }

  /** Whether no class beats both a and b where these two cross. */
  private boolean onlyTwo(float[] scores, int left, int right, int a, int b) {
    float lead = scores[a * gridWidth + left] - scores[b * gridWidth + left];
    float lag = scores[b * gridWidth + right] - scores[a * gridWidth + right];
    float crossing = lead + lag > 0 ? lead / (lead + lag) : 0;
    float limit = score(scores, a, left, right, crossing);
    for (int channel = 0; channel < channels; channel++) {
      if (channel != a && channel != b && score(scores, channel, left, right, crossing) >= limit) {
        return false;
      }
    }
    return true;
  }

  private int argMax(float[] scores, int left, int right, float t) {
    int winner = 0;
    float highest = score(scores, 0, left, right, t);
    for (int channel = 1; channel < channels; channel++) {
      float score = score(scores, channel, left, right, t);
      if (score > highest) {
        highest = score;
        winner = channel;
      }
    }
    return winner;
  }

  private float score(float[] scores, int channel, int left, int right, float t) {
    float from = scores[channel * gridWidth + left];
    return from + (scores[channel * gridWidth + right] - from) * t;
  }

  private float confidence(float[] scores, int left, int right, float t, int category) {
    int group = groups[category];
    float own = 0;
    float all = softmax ? 0 : 1;
    float winner = score(scores, category, left, right, t);
    for (int channel = 0; channel < channels; channel++) {
      float score = score(scores, channel, left, right, t);
      if (softmax) {
        float below = winner - score;
        score = below < negligible ? (float) Math.exp(-below) : 0;
        all += score;
      }
      own += groups[channel] == group ? score : 0;
    }
    return Math.max(0, Math.min(1, own / all));
  }
}
