package io.github.pixelwise.evaluation;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.LabelMap;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Objects;

/**
 * How many pixels of each true class were predicted as each class, over any number of images.
 *
 * <p>Pixels that are void in the truth are not counted. Pixels that are void in the prediction, or
 * of a category that is no class of the data set, are counted as wrong, in a column of their own:
 * {@link #VOID}. Counts are exact. Matrices of parts of a data set add up to that of the whole, in
 * any order. Not safe for use by several threads: give each its own and {@link #add} them.
 */
public final class ConfusionMatrix implements Serializable {
  private static final long serialVersionUID = 1;

  /** Stands for a predicted category that is no class. */
  public static final int VOID = -1;

  /** The number of classes. */
  private final int classes;

  /** The category of void pixels in the truth. */
  private final int ignoreIndex;

  /** Row by row; the last column is VOID's. */
  private final long[] counts;

  private ConfusionMatrix(int classes, int ignoreIndex, long[] counts) {
    this.classes = classes;
    this.ignoreIndex = ignoreIndex;
    this.counts = counts;
  }

  /**
   * Returns a matrix without pixels.
   *
   * @param labels the classes of the data set, and its ignore index
   * @return the matrix
   */
  public static ConfusionMatrix of(LabelMap labels) {
    return of(labels.size(), labels.ignoreIndex());
  }

  /**
   * Returns a matrix without pixels.
   *
   * @param classes the number of classes, at least 1
   * @param ignoreIndex the category of void pixels in the truth, at least {@code classes}
   * @return the matrix
   * @throws IllegalArgumentException if a number is out of range
   */
  public static ConfusionMatrix of(int classes, int ignoreIndex) {
    if (classes < 1 || ignoreIndex < classes) {
      throw new IllegalArgumentException(
          "a confusion matrix needs at least one class and an ignore index beyond the classes, found"
              + " %d and %d".formatted(classes, ignoreIndex));
    }
    return new ConfusionMatrix(
        classes, ignoreIndex, new long[Math.multiplyExact(classes, classes + 1)]);
  }

  /**
   * Counts the pixels of one image.
   *
   * @param truth the true mask
   * @param prediction the predicted mask, of the same size
   * @throws IllegalArgumentException if the sizes differ, or the truth has a category that is
   *     neither a class nor the ignore index; the matrix is then unchanged
   */
  public void add(CategoryMask truth, CategoryMask prediction) {
    if (truth.width() != prediction.width() || truth.height() != prediction.height()) {
      throw new IllegalArgumentException(
          "truth and prediction must have one size, found %d x %d and %d x %d"
              .formatted(truth.width(), truth.height(), prediction.width(), prediction.height()));
    }
    long[] added = new long[counts.length];
    int[] truths = new int[truth.width()];
    int[] predictions = new int[truth.width()];
    for (int y = 0; y < truth.height(); y++) {
      truth.copyRow(y, truths, 0);
      prediction.copyRow(y, predictions, 0);
      for (int x = 0; x < truths.length; x++) {
        int row = truths[x];
        if (row < classes) {
          added[row * (classes + 1) + Math.min(predictions[x], classes)]++;
        } else if (row != ignoreIndex) {
          throw new IllegalArgumentException(
              "the truth has the category %d at (%d, %d); classes are 0 to %d, void is %d"
                  .formatted(row, x, y, classes - 1, ignoreIndex));
        }
      }
    }
    for (int i = 0; i < added.length; i++) {
      counts[i] += added[i];
    }
  }

  /**
   * Adds the counts of another matrix.
   *
   * @param other a matrix of the same classes and ignore index, which stays as it is
   * @throws IllegalArgumentException if classes or ignore index differ
   */
  public void add(ConfusionMatrix other) {
    if (classes != other.classes || ignoreIndex != other.ignoreIndex) {
      throw new IllegalArgumentException(
          "cannot add a matrix of %d classes and ignore index %d to one of %d and %d"
              .formatted(other.classes, other.ignoreIndex, classes, ignoreIndex));
    }
    for (int i = 0; i < counts.length; i++) {
      counts[i] += other.counts[i];
    }
  }

  /**
   * Adds pixels to one cell.
   *
   * @param truth the true class
   * @param prediction the predicted class, or {@link #VOID}
   * @param pixels how many, at least 0
   * @throws IndexOutOfBoundsException if there is no such class
   * @throws IllegalArgumentException if the number is negative
   */
  public void add(int truth, int prediction, long pixels) {
    if (pixels < 0) {
      throw new IllegalArgumentException("cannot add " + pixels + " pixels");
    }
    counts[index(truth, prediction)] += pixels;
  }

  /** {@return the number of classes} */
  public int classes() {
    return classes;
  }

  /** {@return the category of pixels in the truth that are not counted} */
  public int ignoreIndex() {
    return ignoreIndex;
  }

  /**
   * Returns the pixels of one cell.
   *
   * @param truth the true class
   * @param prediction the predicted class, or {@link #VOID}
   * @return the number of pixels
   * @throws IndexOutOfBoundsException if there is no such class
   */
  public long count(int truth, int prediction) {
    return counts[index(truth, prediction)];
  }

  /**
   * Returns how many pixels a class has in the truth.
   *
   * @param truth the true class
   * @return the sum of its row
   * @throws IndexOutOfBoundsException if there is no such class
   */
  public long truth(int truth) {
    int from = index(truth, 0);
    return Arrays.stream(counts, from, from + classes + 1).sum();
  }

  /**
   * Returns how many pixels were predicted as a class, of those that are not void in the truth.
   *
   * @param prediction the predicted class, or {@link #VOID}
   * @return the sum of its column
   * @throws IndexOutOfBoundsException if there is no such class
   */
  public long predicted(int prediction) {
    long sum = 0;
    for (int i = index(0, prediction); i < counts.length; i += classes + 1) {
      sum += counts[i];
    }
    return sum;
  }

  /** {@return the number of pixels counted} */
  public long total() {
    return Arrays.stream(counts).sum();
  }

  /**
   * Computes the metrics.
   *
   * @param rule what a metric is where there is nothing to divide by
   * @return the metrics of the pixels counted so far
   */
  public SegmentationMetrics metrics(EmptyClasses rule) {
    long[] hits = new long[classes];
    long[] truths = new long[classes];
    long[] predictions = new long[classes];
    for (int i = 0; i < classes; i++) {
      hits[i] = count(i, i);
      truths[i] = truth(i);
      predictions[i] = predicted(i);
    }
    return new SegmentationMetrics(hits, truths, predictions, rule);
  }

  private int index(int truth, int prediction) {
    int column = prediction == VOID ? classes : Objects.checkIndex(prediction, classes);
    return Objects.checkIndex(truth, classes) * (classes + 1) + column;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ConfusionMatrix that
        && classes == that.classes
        && ignoreIndex == that.ignoreIndex
        && Arrays.equals(counts, that.counts);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * classes + ignoreIndex) + Arrays.hashCode(counts);
  }

  /** The number of classes and pixels. */
  @Override
  public String toString() {
    return "ConfusionMatrix[%d classes, %d pixels]".formatted(classes, total());
  }
}
