package io.github.pixelwise.evaluation;

import io.github.pixelwise.CategoryMask;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalInt;

/**
 * What was counted along the boundaries of one image, for each class that truth or prediction have.
 *
 * <p>For the boundary IoU (Cheng et al., Boundary IoU, CVPR 2021), a class's band is those of its
 * pixels from which another category, or the outside of the image, is at most {@code d} pixels away
 * in rows and columns. Pixels that are void in the truth are void in the prediction, too, before
 * bands are taken: a perfect prediction scores 1 whatever was left void.
 *
 * <p>For the F-score (Csurka et al., What is a good evaluation measure for semantic segmentation?,
 * BMVC 2013), a class's contour is those of its pixels that have another category, be it void, to
 * the left, to the right, above or below. A contour pixel is a hit if a contour pixel of the other
 * mask lies within a Euclidean distance. Predicted contour pixels that are void in the truth count
 * if they are hits, and nowhere else: true outlines often lie within a void seam.
 */
final class BoundaryCounts {
  /** Class, intersection, union, predicted contour, its hits, true contour, its hits. */
  private static final int FIELDS = 7;

  private static final double BAND_OF_DIAGONAL = 0.02;
  private static final double TOLERANCE_OF_DIAGONAL = 0.0075;

  private final long[] counts;

  private BoundaryCounts(long[] counts) {
    this.counts = counts;
  }

  static BoundaryCounts of(
      CategoryMask truth,
      CategoryMask prediction,
      int classes,
      int ignoreIndex,
      OptionalInt pixels) {
    int width = truth.width();
    int height = truth.height();
    double diagonal = Math.sqrt((double) width * width + (double) height * height);
    int band = pixels.orElseGet(() -> (int) Math.max(1, Math.rint(BAND_OF_DIAGONAL * diagonal)));
    double tolerance =
        pixels.isPresent() ? pixels.getAsInt() : Math.max(1, TOLERANCE_OF_DIAGONAL * diagonal);
    int[] truths = truth.toIntArray();
    int[] predictions = prediction.toIntArray();
    BitSet unknown = new BitSet();
    for (int i = 0; i < truths.length; i++) {
      if (truths[i] == ignoreIndex) {
        unknown.set(i);
        truths[i] = classes;
      }
      predictions[i] = Math.min(predictions[i], classes + 1); // no class, and so wrong
    }
    Contours trueContours = new Contours(truths, width, classes);
    Contours predictedContours = new Contours(predictions, width, classes);
    unknown.stream().forEach(i -> predictions[i] = classes);
    long[] intersection = new long[classes];
    long[] union = new long[classes];
    countBands(truths, predictions, width, band, intersection, union);
    BitSet present = new BitSet();
    Arrays.stream(truths).forEach(present::set);
    Arrays.stream(predictions).forEach(present::set);
    present.clear(classes, classes + 2);
    long[] counts = new long[present.cardinality() * FIELDS];
    int at = 0;
    for (int category = present.nextSetBit(0);
        category >= 0;
        category = present.nextSetBit(category + 1)) {
      counts[at++] = category;
      counts[at++] = intersection[category];
      counts[at++] = union[category];
      BitSet trueContour = trueContours.of(category);
      BitSet predicted = predictedContours.of(category);
      BitSet predictedHits = and(predicted, trueContours.near(category, tolerance));
      BitSet misses = (BitSet) predicted.clone();
      misses.andNot(predictedHits);
      misses.andNot(unknown);
      counts[at++] = (long) predictedHits.cardinality() + misses.cardinality();
      counts[at++] = predictedHits.cardinality();
      counts[at++] = trueContour.cardinality();
      counts[at++] = and(trueContour, predictedContours.near(category, tolerance)).cardinality();
    }
    return new BoundaryCounts(counts);
  }

  private static BitSet and(BitSet one, BitSet other) {
    BitSet both = (BitSet) one.clone();
    both.and(other);
    return both;
  }

  private static void countBands(
      int[] truths, int[] predictions, int width, int band, long[] intersection, long[] union) {
    BitSet truthBand = band(truths, width, band);
    BitSet predictionBand = band(predictions, width, band);
    for (int i = 0; i < truths.length; i++) {
      int truth = truths[i];
      int prediction = predictions[i];
      boolean inTruth = truth < union.length && truthBand.get(i);
      boolean inPrediction = prediction < union.length && predictionBand.get(i);
      if (inTruth && inPrediction && truth == prediction) {
        intersection[truth]++;
        union[truth]++;
      } else {
        if (inTruth) {
          union[truth]++;
        }
        if (inPrediction) {
          union[prediction]++;
        }
      }
    }
  }

  /**
   * The pixels whose window of {@code 2d + 1} sides holds another category or leaves the image.
   * Takes the same time whatever the width: a pixel is inside its class if {@code 2d + 1} rows, one
   * below the other, have {@code 2d + 1} pixels of its class around its column.
   */
  private static BitSet band(int[] categories, int width, int d) {
    int height = categories.length / width;
    BitSet band = new BitSet(categories.length);
    band.set(0, categories.length);
    int[] rows = new int[width]; // how many rows, up to this one, are of the class there
    int[] last = new int[width];
    int[] before = new int[width]; // how many pixels to the left are of the pixel's class
    for (int y = 0; y < height; y++) {
      int row = y * width;
      for (int x = 1; x < width; x++) {
        before[x] = categories[row + x] == categories[row + x - 1] ? before[x - 1] + 1 : 0;
      }
      for (int x = width - 1, after = 0; x >= 0; x--) {
        int category = categories[row + x];
        after = x + 1 < width && categories[row + x + 1] == category ? after + 1 : 0;
        boolean wide = before[x] >= d && after >= d;
        rows[x] = wide ? (rows[x] > 0 && last[x] == category ? rows[x] + 1 : 1) : 0;
        last[x] = category;
        if (rows[x] > 2 * d) {
          band.clear(row - d * width + x);
        }
      }
    }
    return band;
  }

  /** The contours of all classes of a mask. */
  private static final class Contours {
    private final int width;
    private final int pixels;
    private final List<BitSet> byClass = new ArrayList<>();

    Contours(int[] categories, int width, int classes) {
      this.width = width;
      pixels = categories.length;
      for (int i = 0; i < classes; i++) {
        byClass.add(new BitSet());
      }
      for (int i = 0; i < pixels; i++) {
        if (i % width > 0) {
          compare(categories, i, i - 1);
        }
        if (i >= width) {
          compare(categories, i, i - width);
        }
      }
    }

    private void compare(int[] categories, int i, int j) {
      if (categories[i] != categories[j]) {
        set(categories[i], i);
        set(categories[j], j);
      }
    }

    private void set(int category, int i) {
      if (category < byClass.size()) {
        byClass.get(category).set(i);
      }
    }

    BitSet of(int category) {
      return byClass.get(category);
    }

    /** The pixels within a distance of a class's contour. */
    private BitSet near(int category, double tolerance) {
      BitSet near = new BitSet(pixels);
      int reach = (int) tolerance;
      int[] half = new int[reach + 1]; // of the disc's rows, by their distance from its center
      for (int dy = 0; dy <= reach; dy++) {
        half[dy] = (int) Math.sqrt(tolerance * tolerance - dy * dy);
      }
      int height = pixels / width;
      byClass.get(category).stream()
          .forEach(
              i -> {
                int x = i % width;
                int y = i / width;
                for (int row = Math.max(0, y - reach);
                    row <= Math.min(height - 1, y + reach);
                    row++) {
                  int side = half[Math.abs(row - y)];
                  near.set(
                      row * width + Math.max(0, x - side),
                      row * width + Math.min(width - 1, x + side) + 1);
                }
              });
      return near;
    }
  }

  static BoundaryCounts ofLongs(long[] counts) {
    if (counts.length % FIELDS != 0) {
      throw new IllegalArgumentException("boundary counts come in sevens, found " + counts.length);
    }
    return new BoundaryCounts(counts);
  }

  long[] toLongs() {
    return counts;
  }

  /** Sees the counts of one class. */
  @FunctionalInterface
  interface Visitor {
    void visit(int category, long intersection, long union, double fScore);
  }

  /** Visits each class; the F-score is NaN if neither mask has a contour of it. */
  void forEach(Visitor visitor) {
    for (int i = 0; i < counts.length; i += FIELDS) {
      visitor.visit(
          (int) counts[i],
          counts[i + 1],
          counts[i + 2],
          fScore(counts[i + 3], counts[i + 4], counts[i + 5], counts[i + 6]));
    }
  }

  private static double fScore(long predicted, long predictedHits, long truth, long truthHits) {
    if (predicted == 0 && truth == 0) {
      return Double.NaN;
    }
    if (predictedHits == 0 || truthHits == 0) {
      return 0;
    }
    double precision = (double) predictedHits / predicted;
    double recall = (double) truthHits / truth;
    return 2 * precision * recall / (precision + recall);
  }
}
