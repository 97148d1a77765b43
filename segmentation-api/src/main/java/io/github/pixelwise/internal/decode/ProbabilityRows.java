package io.github.pixelwise.internal.decode;

import io.github.pixelwise.AlphaMask;
import io.github.pixelwise.ScoreMap;
import io.github.pixelwise.internal.util.Rows;
import io.github.pixelwise.internal.util.Sizes;
import io.github.pixelwise.model.OutputKind;
import java.util.Arrays;
import java.util.BitSet;

/**
 * Turns scores on a network's grid into the probability of some classes together, at the source's
 * size: softmax or sigmoid of interpolated logits, or interpolated probabilities.
 *
 * <p>Between two grid nodes the difference of two classes' logits is linear. A class that is far
 * behind another one at both nodes is also far behind between them, and does not count there. If
 * only wanted classes count, or none of them, the cell is filled without a softmax per pixel.
 */
public final class ProbabilityRows {
  private final ScoreRows scoreRows;
  private final GridAxis columns;
  private final BitSet wanted;
  private final OutputKind kind;
  private final int channels;
  private final int gridWidth;

  /**
   * Classes this far behind another one do not count: all of them together change a probability by
   * less than e^-12, 1/600 of a step.
   */
  private final float negligible;

  /** The channel with the highest score, node by node. */
  private final int[] best;

  /** The channels that count in a cell, and their scores in a pixel. */
  private final int[] counting;

  private final float[] pixel;

  private ProbabilityRows(ScoreMap scores, GridAxis columns, BitSet wanted) {
    this.scoreRows = new ScoreRows(scores);
    this.columns = columns;
    this.wanted = wanted;
    this.kind = scores.spec().kind();
    this.channels = scores.channels();
    this.gridWidth = scores.width();
    this.negligible = (float) (12 + Math.log(channels));
    this.best = new int[gridWidth];
    this.counting = new int[channels];
    this.pixel = new float[channels];
  }

  /**
   * Decodes one image's scores. Apart from the result, it needs memory for only a few grid rows per
   * thread.
   *
   * @param scores the scores, of a network without an arg-max
   * @param wanted the categories whose probabilities are added up
   * @return the probability in steps of 1/255, rounded; 0 for pixels outside a crop
   */
  public static AlphaMask decode(ScoreMap scores, BitSet wanted) {
    if (LanczosProbability.isFor(scores)) {
      return LanczosProbability.of(scores, wanted);
    }
    int width = scores.geometry().sourceWidth();
    int height = scores.geometry().sourceHeight();
    byte[] alpha = new byte[Sizes.samples(width, height, 1)];
    GridAxis columns = GridAxis.columns(scores);
    GridAxis rows = GridAxis.rows(scores);
    Rows.inParallel(
        height,
        16,
        (from, to) -> {
          ProbabilityRows decoder = new ProbabilityRows(scores, columns, wanted);
          for (int y = Math.max(from, rows.from); y < Math.min(to, rows.to); y++) {
            decoder.decode(decoder.scoreRows.at(rows, y), alpha, y * width);
          }
        });
    return AlphaMask.of(width, height, alpha);
  }

  /**
   * Decodes the probability of every class, row by row from the top. Holds one row of each.
   *
   * @param rows receives each row: its number, and an array of steps of 1/255 for each class, which
   *     is overwritten after the call
   */
  public static void decodeAll(ScoreMap scores, ScoreMap.ConfidenceRows rows) {
    if (LanczosProbability.isFor(scores)) {
      LanczosProbability.ofBoth(scores, rows);
      return;
    }
    int width = scores.geometry().sourceWidth();
    GridAxis columns = GridAxis.columns(scores);
    GridAxis lines = GridAxis.rows(scores);
    int classes = scores.spec().kind().isBinary() ? 2 : scores.channels();
    ProbabilityRows decoder = new ProbabilityRows(scores, columns, new BitSet());
    byte[][] confidences = new byte[classes][width];
    for (int y = 0; y < scores.geometry().sourceHeight(); y++) {
      for (byte[] row : confidences) {
        Arrays.fill(row, (byte) 0);
      }
      if (lines.isInside(y)) {
        decoder.decodeAll(decoder.scoreRows.at(lines, y), confidences);
      }
      rows.take(y, confidences);
    }
  }

  private void decodeAll(float[] scores, byte[][] confidences) {
    if (kind == OutputKind.LOGITS) {
      findBestOfNodes(scores);
      for (int x = columns.from, end; x < columns.to; x = end) {
        end = columns.endOfCell(x);
        softmaxOfAll(scores, x, end, confidences);
      }
      return;
    }
    for (int category = 0; category < confidences.length; category++) {
      wanted.clear();
      wanted.set(category);
      for (int x = columns.from, end; x < columns.to; x = end) {
        end = columns.endOfCell(x);
        sum(scores, x, end, confidences[category], 0);
      }
    }
  }

  private void softmaxOfAll(float[] scores, int from, int to, byte[][] confidences) {
    int left = columns.node(from);
    int right = columns.nextNode(from);
    int count = count(scores, left, right);
    for (int x = from; x < to; x++) {
      float all = shares(scores, left, right, columns.fraction(x), count);
      for (int i = 0; i < count; i++) {
        confidences[counting[i]][x] = steps(pixel[i] / all);
      }
    }
  }

  private void decode(float[] scores, byte[] alpha, int offset) {
    if (kind == OutputKind.LOGITS) {
      findBestOfNodes(scores);
    }
    for (int x = columns.from, end; x < columns.to; x = end) {
      end = columns.endOfCell(x);
      if (kind == OutputKind.LOGITS) {
        softmax(scores, x, end, alpha, offset);
      } else {
        sum(scores, x, end, alpha, offset);
      }
    }
  }

  private static byte steps(float probability) {
    return (byte) (int) (Math.max(0, Math.min(1, probability)) * 255 + 0.5f);
  }

  private void findBestOfNodes(float[] scores) {
    Arrays.fill(best, 0);
    for (int channel = 1; channel < channels; channel++) {
      int plane = channel * gridWidth;
      for (int node = 0; node < gridWidth; node++) {
        if (scores[plane + node] > scores[best[node] * gridWidth + node]) {
          best[node] = channel;
        }
      }
    }
  }

  private void softmax(float[] scores, int from, int to, byte[] alpha, int offset) {
    int left = columns.node(from);
    int right = columns.nextNode(from);
    int count = count(scores, left, right);
    int own = 0;
    for (int i = 0; i < count; i++) {
      own += wanted.get(counting[i]) ? 1 : 0;
    }
    if (own == 0 || own == count) {
      Arrays.fill(alpha, offset + from, offset + to, (byte) (own == 0 ? 0 : 255));
      return;
    }
    for (int x = from; x < to; x++) {
      alpha[offset + x] = steps(softmax(scores, left, right, columns.fraction(x), count));
    }
  }

  /** Finds the channels that count in a cell. */
  private int count(float[] scores, int left, int right) {
    int count = 0;
    for (int channel = 0; channel < channels; channel++) {
      if (!isBehind(scores, channel, best[left], left, right)
          && !isBehind(scores, channel, best[right], left, right)) {
        counting[count++] = channel;
      }
    }
    return count;
  }

  /** Whether a channel is so far behind another one, at both nodes, that it does not count. */
  private boolean isBehind(float[] scores, int channel, int other, int left, int right) {
    int plane = channel * gridWidth;
    int otherPlane = other * gridWidth;
    return scores[otherPlane + left] - scores[plane + left] > negligible
        && scores[otherPlane + right] - scores[plane + right] > negligible;
  }

  private float softmax(float[] scores, int left, int right, float t, int count) {
    float all = shares(scores, left, right, t, count);
    float own = 0;
    for (int i = 0; i < count; i++) {
      own += wanted.get(counting[i]) ? pixel[i] : 0;
    }
    return own / all;
  }

  /** Puts the shares of the counting channels into {@code pixel}; returns their sum. */
  private float shares(float[] scores, int left, int right, float t, int count) {
    float highest = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < count; i++) {
      pixel[i] = score(scores, counting[i], left, right, t);
      highest = Math.max(highest, pixel[i]);
    }
    float all = 0;
    for (int i = 0; i < count; i++) {
      float below = highest - pixel[i];
      pixel[i] = below < negligible ? (float) Math.exp(-below) : 0;
      all += pixel[i];
    }
    return all;
  }

  /**
   * Adds up the probabilities of the wanted channels; for the only channel of a binary output, that
   * of class 1.
   */
  private void sum(float[] scores, int from, int to, byte[] alpha, int offset) {
    int left = columns.node(from);
    int right = columns.nextNode(from);
    for (int x = from; x < to; x++) {
      float t = columns.fraction(x);
      float sum = 0;
      if (kind.isBinary()) {
        float score = score(scores, 0, left, right, t);
        float probability = kind == OutputKind.SIGMOID ? score : ThresholdRows.sigmoid(score);
        sum = (wanted.get(0) ? 1 - probability : 0) + (wanted.get(1) ? probability : 0);
      } else {
        for (int channel = wanted.nextSetBit(0);
            channel >= 0;
            channel = wanted.nextSetBit(channel + 1)) {
          sum += score(scores, channel, left, right, t);
        }
      }
      alpha[offset + x] = steps(sum);
    }
  }

  private float score(float[] scores, int channel, int left, int right, float t) {
    float from = scores[channel * gridWidth + left];
    return from + (scores[channel * gridWidth + right] - from) * t;
  }
}
