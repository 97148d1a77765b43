package io.github.pixelwise.internal.decode;

import io.github.pixelwise.ScoreMap;
import io.github.pixelwise.internal.guide.SmallPhoto;
import io.github.pixelwise.model.GridAlignment;
import io.github.pixelwise.model.ImageGeometry;

/**
 * Where the pixels of a source image's row or column lie on a network's output grid: between two
 * nodes, at a fraction of the way from the first to the second. Positions never decrease.
 */
final class GridAxis {
  /** The first pixel inside the network's input. */
  final int from;

  /** The first pixel after those inside the input. */
  final int to;

  private final int lastNode;
  private final int[] node;
  private final float[] fraction;

  /** By node, the first pixel that lies after its cell. */
  private final int[] endOfCell;

  private GridAxis(int from, int to, int lastNode, int[] node, float[] fraction, int[] endOfCell) {
    this.from = from;
    this.to = to;
    this.lastNode = lastNode;
    this.node = node;
    this.fraction = fraction;
    this.endOfCell = endOfCell;
  }

  /** Where the columns of the source of these scores lie on their grid. */
  static GridAxis columns(ScoreMap scores) {
    ImageGeometry geometry = scores.geometry();
    return of(
        geometry.sourceWidth(),
        geometry.contentLeft(),
        geometry.contentWidth(),
        geometry.inputWidth(),
        scores.width(),
        scores.spec().alignment());
  }

  /** Where the rows of the source of these scores lie on their grid. */
  static GridAxis rows(ScoreMap scores) {
    ImageGeometry geometry = scores.geometry();
    return of(
        geometry.sourceHeight(),
        geometry.contentTop(),
        geometry.contentHeight(),
        geometry.inputHeight(),
        scores.height(),
        scores.spec().alignment());
  }

  /** Where the columns of a small copy of the source lie on these scores' grid. */
  static GridAxis columns(ScoreMap scores, SmallPhoto small) {
    ImageGeometry geometry = scores.geometry();
    return of(
        small.width(),
        geometry.contentLeft(),
        // Squares at the right border may reach beyond the source.
        (double) geometry.contentWidth() * small.width() * small.scale() / geometry.sourceWidth(),
        geometry.inputWidth(),
        scores.width(),
        scores.spec().alignment());
  }

  /** Where the rows of a small copy of the source lie on these scores' grid. */
  static GridAxis rows(ScoreMap scores, SmallPhoto small) {
    ImageGeometry geometry = scores.geometry();
    return of(
        small.height(),
        geometry.contentTop(),
        (double) geometry.contentHeight()
            * small.height()
            * small.scale()
            / geometry.sourceHeight(),
        geometry.inputHeight(),
        scores.height(),
        scores.spec().alignment());
  }

  /** Where a photograph's columns or rows lie on those of a copy whose pixels are squares. */
  static GridAxis onCopy(int pixels, int scale, int copySide) {
    return of(
        pixels, 0, pixels, Math.multiplyExact(copySide, scale), copySide, GridAlignment.HALF_PIXEL);
  }

  /**
   * Maps pixels by their centers to the input, then to the grid by its alignment.
   *
   * @param pixels the source's side
   * @param contentStart where the resized source begins in the input
   * @param contentSide the resized source's side
   * @param inputSide the input's side
   * @param gridSide the grid's side
   * @param alignment how the grid lies on the input
   */
  static GridAxis of(
      int pixels,
      int contentStart,
      double contentSide,
      int inputSide,
      int gridSide,
      GridAlignment alignment) {
    int[] node = new int[pixels];
    float[] fraction = new float[pixels];
    int[] endOfCell = new int[gridSide];
    int from = pixels;
    int to = 0;
    for (int i = 0; i < pixels; i++) {
      double input = (i + 0.5) * contentSide / pixels - 0.5 + contentStart;
      if (input >= -0.5 && input <= inputSide - 0.5) {
        from = Math.min(from, i);
        to = i + 1;
      }
      double grid =
          switch (alignment) {
            case HALF_PIXEL -> (input + 0.5) * gridSide / inputSide - 0.5;
            case ALIGNED_CORNERS -> inputSide == 1 ? 0 : input * (gridSide - 1) / (inputSide - 1);
          };
      double position = Math.max(0, Math.min(gridSide - 1, grid));
      node[i] = Math.max(0, Math.min(gridSide - 2, (int) position));
      fraction[i] = (float) (position - node[i]);
      endOfCell[node[i]] = i + 1;
    }
    return new GridAxis(from, to, gridSide - 1, node, fraction, endOfCell);
  }

  boolean isInside(int pixel) {
    return pixel >= from && pixel < to;
  }

  /** The node at or before a pixel; not the last one, unless it is the only one. */
  int node(int pixel) {
    return node[pixel];
  }

  /** The node after {@link #node}, or the same node if it is the only one. */
  int nextNode(int pixel) {
    return Math.min(node[pixel] + 1, lastNode);
  }

  /** How far a pixel is from its node to the next one, 0 to 1. */
  float fraction(int pixel) {
    return fraction[pixel];
  }

  /** The first pixel after {@code pixel} that lies in another cell, at most {@code to}. */
  int endOfCell(int pixel) {
    return Math.min(to, endOfCell[node[pixel]]);
  }

  /** The grid node nearest to a pixel. */
  int nearest(int pixel) {
    return fraction[pixel] < 0.5f ? node[pixel] : nextNode(pixel);
  }
}
