package io.github.pixelwise.internal.decode;

import java.util.Arrays;

/**
 * The classes that may have the highest score in each cell between two rows of a network's grid,
 * and their scores along the pixel rows between them.
 *
 * <p>Inside a cell, a bilinear score is never above its highest corner or below its lowest. So a
 * class whose corners are all below the lowest corner of another class is never best, and does not
 * count. What remains are spans of pixels: single cells where several classes count, and between
 * them runs of cells where only one class counts, which is best in all their pixels.
 */
final class Contenders {
  /**
   * An upper bound of the rounding error of interpolating twice, as a share of the largest score:
   * about a dozen roundings of 2^-24 each. Classes this close to each other are compared in every
   * pixel.
   */
  static final float ROUNDING = 0x1p-18f;

  private final GridAxis columns;
  private final int channels;
  private final int gridWidth;

  /** For each cell, the highest of the classes' lowest corners. */
  private final float[] floors;

  /** For each column, the magnitude of the largest score. */
  private final float[] magnitudes;

  private float margin;

  private int spans;
  private final int[] ends;
  private final int[] firsts;

  /** The contenders' channels, span by span, and their scores at the cell's corners. */
  private int[] channel = {};

  private float[] upperLeft = {};
  private float[] upperRight = {};
  private float[] lowerLeft = {};
  private float[] lowerRight = {};

  /** The contenders' scores at the cell's left and right edge in the latest row. */
  private float[] left = {};

  private float[] right = {};

  Contenders(GridAxis columns, int channels, int gridWidth) {
    this.columns = columns;
    this.channels = channels;
    this.gridWidth = gridWidth;
    this.floors = new float[gridWidth];
    this.magnitudes = new float[gridWidth];
    this.ends = new int[gridWidth];
    this.firsts = new int[gridWidth + 1];
  }

  /** Finds the contenders between two rows of the grid, each given channel by channel. */
  void find(float[] upper, float[] lower) {
    findFloors(upper, lower);
    spans = 0;
    for (int x = columns.from, count = 0; x < columns.to; x = columns.endOfCell(x)) {
      int first = count;
      count = addContenders(upper, lower, columns.node(x), columns.nextNode(x), first);
      if (count - first == 1
          && spans > 0
          && isDecided(spans - 1)
          && channel[first] == channel[first - 1]) {
        count--;
      } else {
        firsts[spans++] = first;
      }
      ends[spans - 1] = columns.endOfCell(x);
      firsts[spans] = count;
    }
  }

  private void findFloors(float[] upper, float[] lower) {
    Arrays.fill(floors, Float.NEGATIVE_INFINITY);
    Arrays.fill(magnitudes, 0);
    int next = Math.min(1, gridWidth - 1);
    // Loops that the compiler vectorizes: their cost grows with the number of cells, not of pixels.
    for (int plane = 0; plane < channels * gridWidth; plane += gridWidth) {
      for (int x = 0; x < gridWidth; x++) {
        magnitudes[x] =
            Math.max(
                magnitudes[x], Math.max(Math.abs(upper[plane + x]), Math.abs(lower[plane + x])));
      }
      for (int x = 0; x < gridWidth - next; x++) {
        float low =
            Math.min(
                Math.min(upper[plane + x], lower[plane + x]),
                Math.min(upper[plane + x + next], lower[plane + x + next]));
        floors[x] = Math.max(floors[x], low);
      }
    }
    margin = 4 * Float.MIN_VALUE; // for scores so small that rounding does not depend on them
    for (float magnitude : magnitudes) {
      margin = Math.max(margin, magnitude * ROUNDING);
    }
  }

  private int addContenders(float[] upper, float[] lower, int leftNode, int rightNode, int first) {
    reserve(first + channels);
    float floor = floors[leftNode] - margin;
    int count = first;
    for (int c = 0; c < channels; c++) {
      int l = c * gridWidth + leftNode;
      int r = c * gridWidth + rightNode;
      if (upper[l] >= floor || lower[l] >= floor || upper[r] >= floor || lower[r] >= floor) {
        channel[count] = c;
        upperLeft[count] = upper[l];
        upperRight[count] = upper[r];
        lowerLeft[count] = lower[l];
        lowerRight[count] = lower[r];
        count++;
      }
    }
    return count;
  }

  private void reserve(int count) {
    if (count > channel.length) {
      int length = 2 * count;
      channel = Arrays.copyOf(channel, length);
      upperLeft = Arrays.copyOf(upperLeft, length);
      upperRight = Arrays.copyOf(upperRight, length);
      lowerLeft = Arrays.copyOf(lowerLeft, length);
      lowerRight = Arrays.copyOf(lowerRight, length);
      left = new float[length];
      right = new float[length];
    }
  }

  /** Goes to a row of pixels: {@code t} of the way from the upper row of the grid to the lower. */
  void goTo(float t) {
    int count = firsts[spans];
    for (int i = 0; i < count; i++) {
      left[i] = upperLeft[i] + (lowerLeft[i] - upperLeft[i]) * t;
    }
    for (int i = 0; i < count; i++) {
      right[i] = upperRight[i] + (lowerRight[i] - upperRight[i]) * t;
    }
  }

  /** The number of spans, which follow each other without gaps. */
  int spans() {
    return spans;
  }

  /** The first pixel after a span. */
  int end(int span) {
    return ends[span];
  }

  /** Whether only one class counts in a span. */
  boolean isDecided(int span) {
    return firsts[span + 1] - firsts[span] == 1;
  }

  /** The index of a span's first contender; those of the next span follow its own. */
  int first(int span) {
    return firsts[span];
  }

  /** A contender's class. Classes ascend within a span. */
  int channel(int contender) {
    return channel[contender];
  }

  /** A contender's score on its cell's left edge. */
  float left(int contender) {
    return left[contender];
  }

  /** A contender's score on its cell's right edge. */
  float right(int contender) {
    return right[contender];
  }

  /** A contender's score {@code t} of the way from its cell's left edge to the right. */
  float score(int contender, float t) {
    return left[contender] + (right[contender] - left[contender]) * t;
  }

  /** How much scores must differ for the higher one to be certain despite rounding. */
  float margin() {
    return margin;
  }
}
