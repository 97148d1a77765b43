package io.github.pixelwise.internal.decode;

import io.github.pixelwise.Parallelism;
import io.github.pixelwise.ScoreMap;
import io.github.pixelwise.internal.guide.SmallPhoto;
import io.github.pixelwise.model.OutputKind;
import java.util.Arrays;
import java.util.BitSet;

/**
 * The probabilities of classes at the pixels of a small photo. Only classes that are the likeliest
 * one somewhere have any.
 */
final class SmallProbabilities {
  private final ScoreMap scores;
  private final SmallPhoto photo;

  /** The probability from which a binary network decides for class 1. */
  private final float threshold;

  private final Parallelism parallelism;
  private final GridAxis columns;
  private final GridAxis rows;
  private final int classes;

  /** The network's categories, lowest first. */
  final int[] categories;

  /** Of each of {@link #categories} the probabilities, by the photo's index. */
  final float[][] planes;

  /** The likeliest category of each pixel, by the photo's index. */
  final int[] likeliest;

  private SmallProbabilities(
      ScoreMap scores, SmallPhoto photo, float threshold, Parallelism parallelism) {
    this.scores = scores;
    this.photo = photo;
    this.threshold = threshold;
    this.parallelism = parallelism;
    columns = GridAxis.columns(scores, photo);
    rows = GridAxis.rows(scores, photo);
    classes = scores.spec().kind().isBinary() ? 2 : scores.channels();
    likeliest = new int[photo.size()];
    eachPixel((index, values) -> likeliest[index] = likeliest(values));
    categories = categories();
    planes = new float[categories.length][photo.size()];
    eachPixel(
        (index, values) -> {
          toProbabilities(values);
          for (int c = 0; c < categories.length; c++) {
            planes[c][index] = values[categories[c]];
          }
        });
  }

  /** Computes the probabilities. */
  static SmallProbabilities of(
      ScoreMap scores, SmallPhoto photo, Decision decision, Parallelism parallelism) {
    float threshold =
        scores.spec().kind().isBinary() ? decision.binaryThreshold(scores.spec().threshold()) : 0;
    return new SmallProbabilities(scores, photo, threshold, parallelism);
  }

  /** Receives the scores of a pixel, class by class; the one of a binary network is the second. */
  @FunctionalInterface
  private interface Pixel {
    void take(int index, float[] values);
  }

  private void eachPixel(Pixel pixel) {
    parallelism.forRows(
        photo.height(),
        8,
        (from, to) -> {
          ScoreRows scoreRows = new ScoreRows(scores);
          float[] values = new float[classes];
          for (int y = from; y < to; y++) {
            float[] row = scoreRows.at(rows, y);
            for (int x = 0; x < photo.width(); x++) {
              interpolate(row, x, values);
              pixel.take(photo.index(x, y), values);
            }
          }
        });
  }

  private void interpolate(float[] row, int x, float[] values) {
    int left = columns.node(x);
    int right = columns.nextNode(x);
    float t = columns.fraction(x);
    int first = classes - scores.channels();
    for (int channel = 0; channel < scores.channels(); channel++) {
      int plane = channel * scores.width();
      float score = row[plane + left];
      values[first + channel] = score + (row[plane + right] - score) * t;
    }
    if (scores.spec().kind() == OutputKind.BINARY_LOGITS) {
      values[1] = ThresholdRows.sigmoid(values[1]);
    }
  }

  private void toProbabilities(float[] values) {
    if (scores.spec().kind() == OutputKind.LOGITS) {
      softmax(values);
      return;
    }
    for (int c = 0; c < classes; c++) {
      values[c] = clamp(values[c]);
    }
    if (scores.spec().kind().isBinary()) {
      values[0] = 1 - values[1];
    }
  }

  static float clamp(float probability) {
    return Math.max(0, Math.min(1, probability));
  }

  private static void softmax(float[] scores) {
    float highest = scores[0];
    for (float score : scores) {
      highest = Math.max(highest, score);
    }
    float sum = 0;
    for (int c = 0; c < scores.length; c++) {
      scores[c] = (float) Math.exp(scores[c] - highest);
      sum += scores[c];
    }
    for (int c = 0; c < scores.length; c++) {
      scores[c] /= sum;
    }
  }

  private int likeliest(float[] values) {
    if (scores.spec().kind().isBinary()) {
      return values[1] >= threshold ? 1 : 0;
    }
    int best = 0;
    for (int c = 1; c < classes; c++) {
      best = values[c] > values[best] ? c : best;
    }
    return best;
  }

  /** Both of a binary network, or those that are the likeliest somewhere. */
  private int[] categories() {
    BitSet found = new BitSet();
    if (scores.spec().kind().isBinary()) {
      found.set(0, 2);
    }
    for (int y = 0; y < photo.height(); y++) {
      for (int x = 0, i = photo.index(0, y); x < photo.width(); x++, i++) {
        found.set(likeliest[i]);
      }
    }
    return found.stream().toArray();
  }

  /**
   * Marks the pixels near another likeliest class.
   *
   * @param reach how far they are away at most
   * @return by the photo's index
   */
  boolean[] nearEdges(int reach) {
    boolean[] near = new boolean[photo.size()];
    for (int y = 0; y < photo.height(); y++) {
      for (int x = 0, i = photo.index(0, y); x < photo.width(); x++, i++) {
        boolean edge =
            (x + 1 < photo.width() && likeliest[i] != likeliest[i + 1])
                || (y + 1 < photo.height() && likeliest[i] != likeliest[i + photo.stride()]);
        if (edge) {
          int left = Math.max(0, x - reach);
          int right = Math.min(photo.width(), x + reach + 2);
          int bottom = Math.min(photo.height() - 1, y + reach + 1);
          for (int row = Math.max(0, y - reach); row <= bottom; row++) {
            Arrays.fill(near, photo.index(left, row), photo.index(right, row), true);
          }
        }
      }
    }
    return near;
  }
}
