package io.github.pixelwise.postprocess.shape;

import java.util.List;

/**
 * The pixels of shapes as COCO's run lengths: how many pixels are outside, inside, outside, and so
 * on, down the columns.
 */
final class RunLengths {
  private final Ints counts = new Ints();
  private final int height;
  private long reached;
  private long pixels;

  private RunLengths(int height) {
    this.height = height;
  }

  /**
   * Finds the pixels of shapes.
   *
   * @param shapes the shapes
   * @param width the picture's width
   * @param height the picture's height
   */
  static RunLengths of(List<Shape> shapes, int width, int height) {
    RunLengths lengths = new RunLengths(height);
    Filling columns = new Filling(/* width= */ height, /* height= */ width);
    for (Shape shape : shapes) {
      shape.visitEdges((fromX, fromY, toX, toY) -> columns.add(fromY, fromX, toY, toX));
    }
    columns.visitRuns(lengths::add);
    lengths.counts.add((int) ((long) width * height - lengths.reached));
    return lengths;
  }

  private void add(int column, int from, int to) {
    long start = (long) column * height + from;
    if (start == reached && counts.size() > 0) {
      counts.set(counts.size() - 1, counts.get(counts.size() - 1) + to - from);
    } else {
      counts.add((int) (start - reached));
      counts.add(to - from);
    }
    reached = start + to - from;
    pixels += to - from;
  }

  /** {@return the number of pixels inside} */
  long pixels() {
    return pixels;
  }

  /**
   * The text that COCO's own tools write: from the fourth on, the difference from the one before
   * the last, in groups of five bits from the lowest, each a character from {@code 0} on, with a
   * sixth bit if more follow.
   */
  String compressed() {
    StringBuilder text = new StringBuilder();
    // What ends with the last pixel has no count of pixels outside behind it.
    int size = counts.get(counts.size() - 1) == 0 ? counts.size() - 1 : counts.size();
    for (int i = 0; i < size; i++) {
      int left = i > 2 ? counts.get(i) - counts.get(i - 2) : counts.get(i);
      boolean more;
      do {
        int group = left & 31;
        left >>= 5;
        more = left != ((group & 16) == 0 ? 0 : -1);
        text.append((char) ('0' + (more ? group | 32 : group)));
      } while (more);
    }
    return text.toString();
  }
}
