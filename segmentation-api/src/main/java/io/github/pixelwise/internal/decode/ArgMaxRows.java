package io.github.pixelwise.internal.decode;

import io.github.pixelwise.ScoreMap;

/**
 * Decides for the class with the highest interpolated score; of equal ones, for the lowest class.
 *
 * <p>In a row of a cell every class's score is linear, and a class that is best on both edges is
 * best between them. Where a and b are best on the edges, a third class c can win between them only
 * if it wins where a and b cross: c - max(a, b) is concave, and not positive on the edges, so if it
 * is positive anywhere, it is at the kink.
 */
final class ArgMaxRows implements Decoder.RowDecoder {
  private final ScoreRows scoreRows;
  private final GridAxis columns;
  private final Contenders contenders;
  private final int[] groups;
  private final boolean softmax;

  /**
   * Scores this far below the best one are ignored: all of them together take less than e^-12 from
   * a confidence, 1/600 of a step.
   */
  private final double negligible;

  private final int channels;
  private final int gridWidth;

  /** The contenders that may win somewhere in a row of a cell. */
  private final int[] rivals;

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
    this.contenders = new Contenders(columns, channels, gridWidth);
    this.rivals = new int[channels];
  }

  @Override
  public void decode(GridAxis rows, int y, CategoryRow categories, float[] confidence) {
    if (scoreRows.goTo(rows, y)) {
      contenders.find(scoreRows.upper(), scoreRows.lower());
    }
    contenders.goTo(rows.fraction(y));
    for (int span = 0, x = columns.from; span < contenders.spans(); span++) {
      int end = contenders.end(span);
      if (contenders.isDecided(span)) {
        categories.fill(x, end, contenders.channel(contenders.first(span)));
      } else {
        decide(contenders.first(span), contenders.first(span + 1), x, end, categories);
      }
      x = end;
    }
    if (confidence.length > 0) {
      float[] scores = scoreRows.at(rows, y);
      for (int x = columns.from; x < columns.to; x++) {
        confidence[x] = confidence(scores, x, categories.get(x));
      }
    }
  }

  /** Decides a row of a cell. */
  private void decide(int first, int last, int from, int to, CategoryRow categories) {
    int a = first;
    int b = first;
    for (int i = first + 1; i < last; i++) {
      a = contenders.left(i) > contenders.left(a) ? i : a;
      b = contenders.right(i) > contenders.right(b) ? i : b;
    }
    if (a == b) {
      categories.fill(from, to, contenders.channel(a));
      return;
    }
    float lead = contenders.left(a) - contenders.left(b);
    float lag = contenders.right(b) - contenders.right(a);
    float crossing = lead + lag > 0 ? lead / (lead + lag) : 0;
    if (to - from > 2 && isOnlyBetween(a, b, first, last, crossing)) {
      float unsure = contenders.margin() / (lead + lag);
      int left = from;
      while (left < to && columns.fraction(left) < crossing - unsure) {
        left++;
      }
      int right = to;
      while (right > left && columns.fraction(right - 1) > crossing + unsure) {
        right--;
      }
      categories.fill(from, left, contenders.channel(a));
      categories.fill(right, to, contenders.channel(b));
      rivals[0] = Math.min(a, b);
      rivals[1] = Math.max(a, b);
      compare(2, left, right, categories);
    } else {
      compare(findRivals(a, b, first, last, crossing), from, to, categories);
    }
  }

  /** Whether no class reaches both a and b where these two cross. */
  private boolean isOnlyBetween(int a, int b, int first, int last, float crossing) {
    float limit = contenders.score(a, crossing);
    for (int i = first; i < last; i++) {
      if (contenders.score(i, crossing) >= limit && i != a && i != b) {
        return false;
      }
    }
    return true;
  }

  /**
   * Finds the classes that reach the best score on one of the edges, or that reach a where a and b
   * cross.
   */
  private int findRivals(int a, int b, int first, int last, float crossing) {
    float atLeft = contenders.left(a) - contenders.margin();
    float atCrossing = contenders.score(a, crossing) - contenders.margin();
    float atRight = contenders.right(b) - contenders.margin();
    int count = 0;
    for (int i = first; i < last; i++) {
      if (contenders.left(i) >= atLeft
          || contenders.score(i, crossing) >= atCrossing
          || contenders.right(i) >= atRight) {
        rivals[count++] = i;
      }
    }
    return count;
  }

  /** Finds the best rival in every pixel. */
  private void compare(int count, int from, int to, CategoryRow categories) {
    for (int x = from; x < to; x++) {
      float t = columns.fraction(x);
      int winner = rivals[0];
      float highest = contenders.score(winner, t);
      for (int i = 1; i < count; i++) {
        float score = contenders.score(rivals[i], t);
        if (score > highest) {
          highest = score;
          winner = rivals[i];
        }
      }
      categories.set(x, contenders.channel(winner));
    }
  }

  private float score(float[] scores, int channel, int left, int right, float t) {
    float from = scores[channel * gridWidth + left];
    return from + (scores[channel * gridWidth + right] - from) * t;
  }

  private float confidence(float[] scores, int x, int category) {
    int left = columns.node(x);
    int right = columns.nextNode(x);
    float t = columns.fraction(x);
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
