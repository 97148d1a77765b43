package io.github.pixelwise.evaluation;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * The paired bootstrap (Efron and Tibshirani, An Introduction to the Bootstrap, 1993): images are
 * drawn with replacement, the same ones for both runs, as often as there are images, and the
 * difference of the runs is computed from these. The interval holds the middle 95 % of the
 * differences.
 */
final class Bootstrap {
  private static final double LOW = 0.025;
  private static final double HIGH = 0.975;

  private final double[] meanIous = new double[Comparison.RESAMPLES];
  private final double[] pixelAccuracies = new double[Comparison.RESAMPLES];

  /** Image {@code i} of one list is that of the other. */
  Bootstrap(int classes, EmptyClasses rule, List<ImageResult> a, List<ImageResult> b) {
    Counts[] countsA = a.stream().map(Counts::of).toArray(Counts[]::new);
    Counts[] countsB = b.stream().map(Counts::of).toArray(Counts[]::new);
    Sum sumA = new Sum(classes, rule);
    Sum sumB = new Sum(classes, rule);
    SplittableRandom random = new SplittableRandom(Comparison.SEED);
    for (int resample = 0; resample < Comparison.RESAMPLES; resample++) {
      sumA.clear();
      sumB.clear();
      for (int i = 0; i < countsA.length; i++) {
        int image = random.nextInt(countsA.length);
        sumA.add(countsA[image]);
        sumB.add(countsB[image]);
      }
      meanIous[resample] = sumB.meanIou() - sumA.meanIou();
      pixelAccuracies[resample] = sumB.pixelAccuracy() - sumA.pixelAccuracy();
    }
    Arrays.sort(meanIous);
    Arrays.sort(pixelAccuracies);
  }

  Difference meanIou(double a, double b) {
    return new Difference(a, b, percentile(meanIous, LOW), percentile(meanIous, HIGH));
  }

  Difference pixelAccuracy(double a, double b) {
    return new Difference(
        a, b, percentile(pixelAccuracies, LOW), percentile(pixelAccuracies, HIGH));
  }

  /** Interpolates between neighbors; NaN if one resample has no number. */
  static double percentile(double[] sorted, double share) {
    if (Double.isNaN(sorted[sorted.length - 1])) { // NaN is sorted last
      return Double.NaN;
    }
    double at = share * (sorted.length - 1);
    int below = (int) at;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  }

  /** For each class of one image: right, true and predicted pixels. */
  private static final class Counts {
    private final int[] classes;
    private final long[] hits;
    private final long[] truths;
    private final long[] predictions;

    private Counts(int[] classes) {
      this.classes = classes;
      hits = new long[classes.length];
      truths = new long[classes.length];
      predictions = new long[classes.length];
    }

    static Counts of(ImageResult image) {
      long[] cells = image.cells();
      Counts counts =
          new Counts(
              IntStream.range(0, cells.length)
                  .filter(i -> i % 3 != 2)
                  .map(i -> (int) cells[i])
                  .filter(category -> category != ConfusionMatrix.VOID)
                  .distinct()
                  .sorted()
                  .toArray());
      for (int i = 0; i < cells.length; i += 3) {
        int truth = Arrays.binarySearch(counts.classes, (int) cells[i]);
        int prediction = Arrays.binarySearch(counts.classes, (int) cells[i + 1]);
        counts.truths[truth] += cells[i + 2];
        if (prediction >= 0) {
          counts.predictions[prediction] += cells[i + 2];
        }
        if (prediction == truth) {
          counts.hits[truth] += cells[i + 2];
        }
      }
      return counts;
    }
  }

  /**
   * The counts of several images. Has its own mean of doubles, as {@link SegmentationMetrics} sums
   * exactly, which takes too long for so many resamples; the last digits do not matter here.
   */
  private static final class Sum {
    private final EmptyClasses rule;
    private final long[] hits;
    private final long[] truths;
    private final long[] predictions;

    Sum(int classes, EmptyClasses rule) {
      this.rule = rule;
      hits = new long[classes];
      truths = new long[classes];
      predictions = new long[classes];
    }

    void clear() {
      Arrays.fill(hits, 0);
      Arrays.fill(truths, 0);
      Arrays.fill(predictions, 0);
    }

    void add(Counts image) {
      for (int i = 0; i < image.classes.length; i++) {
        int category = image.classes[i];
        hits[category] += image.hits[i];
        truths[category] += image.truths[i];
        predictions[category] += image.predictions[i];
      }
    }

    double meanIou() {
      double sum = 0;
      int counted = 0;
      for (int i = 0; i < hits.length; i++) {
        double iou = rule.quotient(hits[i], truths[i] + predictions[i] - hits[i]);
        if (rule != EmptyClasses.SKIP || !Double.isNaN(iou)) {
          sum += iou;
          counted++;
        }
      }
      return sum / counted;
    }

    double pixelAccuracy() {
      return (double) Arrays.stream(hits).sum() / Arrays.stream(truths).sum();
    }
  }
}
