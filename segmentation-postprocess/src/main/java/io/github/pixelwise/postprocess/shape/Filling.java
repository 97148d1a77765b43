package io.github.pixelwise.postprocess.shape;

import java.util.Arrays;

/**
 * Finds the pixels within lines: those whose centers have an odd number of edges to their left. A
 * center on an edge counts as right of it, so that shapes which share edges share no pixels.
 */
final class Filling {
  private final int width;
  private final int height;

  /** Where edges cross the middles of rows: the row, and the first pixel to the right. */
  private long[] crossings = new long[64];

  private int size;

  Filling(int width, int height) {
    this.width = width;
    this.height = height;
  }

  /** Adds an edge. */
  void add(double fromX, double fromY, double toX, double toY) {
    if (fromY > toY) {
      add(toX, toY, fromX, fromY); // so that it crosses rows at the same places in both directions
      return;
    }
    int first = (int) Math.max(0, Math.ceil(fromY - 0.5));
    int end = (int) Math.min(height, Math.ceil(toY - 0.5));
    for (int row = first; row < end; row++) {
      double x = fromX + (row + 0.5 - fromY) * (toX - fromX) / (toY - fromY);
      long pixel = (long) Math.max(0, Math.min(width, Math.ceil(x - 0.5)));
      if (size == crossings.length) {
        crossings = Arrays.copyOf(crossings, 2 * size);
      }
      crossings[size++] = ((long) row << 32) | pixel;
    }
  }

  /** Sees pixels. */
  @FunctionalInterface
  interface Visitor {
    /** Pixels {@code from} (inclusive) to {@code to} (exclusive) of a row lie within the edges. */
    void visit(int row, int from, int to);
  }

  /** Visits the pixels within the edges, row by row, and forgets the edges. */
  void visitRuns(Visitor visitor) {
    Arrays.sort(crossings, 0, size);
    for (int i = 0; i < size; i += 2) {
      if (crossings[i] != crossings[i + 1]) {
        visitor.visit((int) (crossings[i] >>> 32), (int) crossings[i], (int) crossings[i + 1]);
      }
    }
    size = 0;
  }
}
