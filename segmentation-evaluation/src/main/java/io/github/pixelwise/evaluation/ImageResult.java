package io.github.pixelwise.evaluation;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What was counted on one image of a data set. Small: classes that are not in it take no room. */
public final class ImageResult {
  private final String name;
  private final int width;
  private final int height;

  /** Truth, prediction, pixels, for each cell of the confusion matrix that is not 0. */
  private final long[] cells;

  private final Optional<BoundaryCounts> boundary;
  private final Optional<Calibration> calibration;

  ImageResult(
      String name,
      int width,
      int height,
      long[] cells,
      Optional<BoundaryCounts> boundary,
      Optional<Calibration> calibration) {
    this.name = name;
    this.width = width;
    this.height = height;
    this.cells = cells;
    this.boundary = boundary;
    this.calibration = calibration;
  }

  /** {@return the sample's name} */
  public String name() {
    return name;
  }

  /** {@return the mask's width in pixels} */
  public int width() {
    return width;
  }

  /** {@return the mask's height in pixels} */
  public int height() {
    return height;
  }

  /** {@return the pixels that are not void in the truth} */
  public long pixels() {
    long pixels = 0;
    for (int i = 0; i < cells.length; i += 3) {
      pixels += cells[i + 2];
    }
    return pixels;
  }

  /** {@return the share of these pixels that are right; NaN if there is none} */
  public double pixelAccuracy() {
    long hits = 0;
    for (int i = 0; i < cells.length; i += 3) {
      hits += cells[i] == cells[i + 1] ? cells[i + 2] : 0;
    }
    return (double) hits / pixels();
  }

  /**
   * {@return the mean IoU of the classes that truth or prediction have in this image; NaN if there
   * is none. Never average these into the IoU of a data set}
   */
  public double meanIou() {
    int classes = 1;
    for (int i = 0; i < cells.length; i += 3) {
      classes = (int) Math.max(classes, Math.max(cells[i], cells[i + 1]) + 1);
    }
    ConfusionMatrix matrix = ConfusionMatrix.of(classes, Integer.MAX_VALUE);
    addTo(matrix);
    return matrix.metrics(EmptyClasses.SKIP).meanIou();
  }

  /**
   * Adds this image's counts to a matrix.
   *
   * @param matrix a matrix of the data set's classes
   */
  public void addTo(ConfusionMatrix matrix) {
    for (int i = 0; i < cells.length; i += 3) {
      matrix.add((int) cells[i], (int) cells[i + 1], cells[i + 2]);
    }
  }

  long[] cells() {
    return cells;
  }

  /**
   * Returns how well the outlines in this image are found.
   *
   * @param classes the number of the data set's classes
   * @return the metrics, with means over the classes in this image; empty unless they were measured
   */
  public Optional<BoundaryMetrics> boundaryMetrics(int classes) {
    return boundary.map(counts -> new BoundaryMetrics(classes, List.of(counts), EmptyClasses.SKIP));
  }

  Optional<BoundaryCounts> boundary() {
    return boundary;
  }

  /** {@return how far the confidence in this image can be trusted; empty unless it was measured} */
  public Optional<Calibration> calibration() {
    return calibration;
  }

  /** The cells of a matrix that are not 0. */
  static long[] cells(ConfusionMatrix matrix) {
    long[] cells = new long[3 * matrix.classes() * (matrix.classes() + 1)];
    int length = 0;
    for (int truth = 0; truth < matrix.classes(); truth++) {
      for (int prediction = -1; prediction < matrix.classes(); prediction++) {
        long pixels = matrix.count(truth, prediction);
        if (pixels > 0) {
          cells[length++] = truth;
          cells[length++] = prediction;
          cells[length++] = pixels;
        }
      }
    }
    return Arrays.copyOf(cells, length);
  }

  /** The name, the mean IoU and the pixel accuracy. */
  @Override
  public String toString() {
    return "ImageResult[%s, mIoU %.4f, pixel accuracy %.4f]"
        .formatted(name, meanIou(), pixelAccuracy());
  }
}
