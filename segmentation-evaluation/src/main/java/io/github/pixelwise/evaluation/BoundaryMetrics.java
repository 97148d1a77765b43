package io.github.pixelwise.evaluation;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * How well the outlines of classes are found. The boundary IoU of a class is a quotient of pixels
 * summed over all images. Its F-score is the mean over the images in which truth or prediction have
 * a contour of it; in an image where only one of them has, it is 0. Immutable.
 */
public final class BoundaryMetrics {
  private final double[] ious;
  private final double[] fScores;
  private final EmptyClasses rule;

  BoundaryMetrics(int classes, List<BoundaryCounts> images, EmptyClasses rule) {
    this.rule = rule;
    long[] intersections = new long[classes];
    long[] unions = new long[classes];
    DoubleStream.Builder[] scores = new DoubleStream.Builder[classes];
    Arrays.setAll(scores, category -> DoubleStream.builder());
    for (BoundaryCounts image : images) {
      image.forEach(
          (category, intersection, union, fScore) -> {
            intersections[category] += intersection;
            unions[category] += union;
            if (!Double.isNaN(fScore)) {
              scores[category].add(fScore);
            }
          });
    }
    ious = new double[classes];
    Arrays.setAll(ious, category -> rule.quotient(intersections[category], unions[category]));
    fScores = new double[classes];
    for (int i = 0; i < classes; i++) {
      double[] values = scores[i].build().toArray();
      fScores[i] = values.length == 0 ? rule.quotient(0, 0) : Sums.sum(values) / values.length;
    }
  }

  /**
   * Returns a class's boundary IoU.
   *
   * @param category the class
   * @return 0 to 1, or NaN by the report's {@link EmptyClasses}
   */
  public double iou(int category) {
    return ious[category];
  }

  /**
   * Returns a class's boundary F-score.
   *
   * @param category the class
   * @return 0 to 1, or NaN by the report's {@link EmptyClasses}
   */
  public double fScore(int category) {
    return fScores[category];
  }

  /** {@return the mean boundary IoU of the classes} */
  public double meanIou() {
    return rule.mean(ious);
  }

  /** {@return the mean boundary F-score of the classes} */
  public double meanFScore() {
    return rule.mean(fScores);
  }
}
