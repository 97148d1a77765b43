package io.github.pixelwise.evaluation;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/**
 * The usual metrics of a {@link ConfusionMatrix}. With {@code n} the pixels that are not void in
 * the truth, and for each class {@code h} the pixels that are right, {@code t} those of the truth,
 * and {@code p} those predicted:
 *
 * <table>
 *   <caption>Formulas</caption>
 *   <tr><th>metric<th>formula
 *   <tr><td>IoU (Jaccard)<td>h / (t + p - h)
 *   <tr><td>Dice (F1)<td>2h / (t + p)
 *   <tr><td>recall (class accuracy)<td>h / t
 *   <tr><td>precision<td>h / p
 *   <tr><td>pixel accuracy<td>sum of h / n
 *   <tr><td>frequency-weighted IoU<td>sum of t / n * IoU, over the classes of the truth
 *   <tr><td>Cohen's kappa<td>(a - e) / (1 - e), with a the pixel accuracy and e the sum of t * p / n^2
 * </table>
 *
 * <p>Means are taken over classes, each of the same weight. {@link EmptyClasses} says what a
 * quotient of zeros is. Immutable.
 */
public final class SegmentationMetrics {
  private final long[] hits;
  private final long[] truths;
  private final long[] predictions;
  private final EmptyClasses rule;
  private final long total;

  SegmentationMetrics(long[] hits, long[] truths, long[] predictions, EmptyClasses rule) {
    this.hits = hits;
    this.truths = truths;
    this.predictions = predictions;
    this.rule = rule;
    total = Arrays.stream(truths).sum();
  }

  /** {@return the number of classes} */
  public int classes() {
    return hits.length;
  }

  /** {@return the rule for classes without pixels} */
  public EmptyClasses rule() {
    return rule;
  }

  /**
   * Returns a class's intersection over union.
   *
   * @param category the class
   * @return 0 to 1, or NaN by {@link #rule}
   */
  public double iou(int category) {
    return rule.quotient(hits[category], truths[category] + predictions[category] - hits[category]);
  }

  /**
   * Returns a class's Dice coefficient, also called F1.
   *
   * @param category the class
   * @return 0 to 1, or NaN by {@link #rule}
   */
  public double dice(int category) {
    return rule.quotient(2 * hits[category], truths[category] + predictions[category]);
  }

  /**
   * Returns the share of a class's true pixels that were found, which mmsegmentation and
   * torchvision call the class's accuracy.
   *
   * @param category the class
   * @return 0 to 1, or NaN by {@link #rule}
   */
  public double recall(int category) {
    return rule.quotient(hits[category], truths[category]);
  }

  /**
   * Returns the share of the pixels predicted as a class that are right, which PaddleSeg calls the
   * class's accuracy.
   *
   * @param category the class
   * @return 0 to 1, or NaN by {@link #rule}
   */
  public double precision(int category) {
    return rule.quotient(hits[category], predictions[category]);
  }

  /** {@return the mean IoU, mIoU} */
  public double meanIou() {
    return mean(this::iou);
  }

  /** {@return the mean Dice coefficient} */
  public double meanDice() {
    return mean(this::dice);
  }

  /** {@return the mean recall, which is called mean accuracy} */
  public double meanAccuracy() {
    return mean(this::recall);
  }

  /** {@return the mean precision} */
  public double meanPrecision() {
    return mean(this::precision);
  }

  /** {@return the share of pixels that are right; NaN if there is no pixel} */
  public double pixelAccuracy() {
    return (double) Arrays.stream(hits).sum() / total;
  }

  /** {@return the mean IoU, each class weighted with its share of the truth; NaN without pixels} */
  public double frequencyWeightedIou() {
    if (total == 0) {
      return Double.NaN;
    }
    double[] terms = new double[classes()];
    for (int i = 0; i < terms.length; i++) {
      terms[i] = truths[i] == 0 ? 0 : (double) truths[i] / total * iou(i);
    }
    return Sums.sum(terms);
  }

  /** {@return the agreement beyond chance, at most 1; NaN if chance alone is always right} */
  public double kappa() {
    double[] terms = new double[classes()];
    for (int i = 0; i < terms.length; i++) {
      terms[i] = (double) truths[i] / total * ((double) predictions[i] / total);
    }
    double chance = Sums.sum(terms);
    return chance == 1 ? Double.NaN : (pixelAccuracy() - chance) / (1 - chance);
  }

  private double mean(IntToDoubleFunction metric) {
    double[] values = new double[classes()];
    Arrays.setAll(values, metric);
    return rule.mean(values);
  }

  /** The mean IoU and the pixel accuracy. */
  @Override
  public String toString() {
    return "SegmentationMetrics[mIoU %.4f (%s), pixel accuracy %.4f]"
        .formatted(meanIou(), rule.word(), pixelAccuracy());
  }
}
