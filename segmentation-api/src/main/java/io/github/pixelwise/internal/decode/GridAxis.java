package io.github.pixelwise.internal.decode;

import io.github.pixelwise.ScoreMap;
import io.github.pixelwise.internal.guide.SmallPhoto;
import io.github.pixelwise.model.GridAlignment;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

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
    return of(GridSide.columns(scores));
  }

  /** Where the rows of the source of these scores lie on their grid. */
  static GridAxis rows(ScoreMap scores) {
    return of(GridSide.rows(scores));
  }

  /** Maps pixels by their centers to the input, then to the grid by its alignment. */
  private static GridAxis of(GridSide side) {
    return of(side.source(), side, side::inputOfPixel);
  }

  /** Where the columns of a small copy of the source lie on these scores' grid. */
  static GridAxis columns(ScoreMap scores, SmallPhoto small) {
    return of(GridSide.columns(scores).ofCopy(small.width(), small.scale()));
  }

  /** Where the rows of a small copy of the source lie on these scores' grid. */
  static GridAxis rows(ScoreMap scores, SmallPhoto small) {
    return of(GridSide.rows(scores).ofCopy(small.height(), small.scale()));
  }

  /** Where a photograph's columns or rows lie on those of a copy whose pixels are squares. */
  static GridAxis onCopy(int pixels, int scale, int copySide) {
    return of(
        new GridSide(
            pixels,
            0,
            pixels,
            Math.multiplyExact(copySide, scale),
            copySide,
            GridAlignment.HALF_PIXEL));
  }

  /**
   * Where the nodes of one grid lie on another grid of the same source. They take the place of
   * pixels.
   */
  static GridAxis between(GridSide from, GridSide to) {
    return of(from.nodes(), to, node -> to.inputOf(from, from.inputOfNode(node)));
  }

  private static GridAxis of(int pixels, GridSide side, IntToDoubleFunction input) {
    int[] node = new int[pixels];
    float[] fraction = new float[pixels];
    int[] endOfCell = new int[side.nodes()];
    int from = pixels;
    int to = 0;
    for (int i = 0; i < pixels; i++) {
      double place = input.applyAsDouble(i);
      if (place >= -0.5 && place <= side.input() - 0.5) {
        from = Math.min(from, i);
        to = i + 1;
      }
      double position = side.onGrid(place);
      node[i] = Math.max(0, Math.min(side.nodes() - 2, (int) position));
      fraction[i] = (float) (position - node[i]);
      endOfCell[node[i]] = i + 1;
    }
    return new GridAxis(from, to, side.nodes() - 1, node, fraction, endOfCell);
  }

  /** Some of these pixels, counted from 0 again. */
  GridAxis part(int start, int length) {
    int[] ends = endOfCell.clone();
    for (int i = 0; i < ends.length; i++) {
      ends[i] -= start;
    }
    return new GridAxis(
        Math.max(0, from - start),
        Math.min(length, to - start),
        lastNode,
        Arrays.copyOfRange(node, start, start + length),
        Arrays.copyOfRange(fraction, start, start + length),
        ends);
  }

  /** The same pixels on a grid that begins at another node, and has that many of them. */
  GridAxis onGrid(int firstNode, int nodes) {
    int[] moved = node.clone();
    for (int i = 0; i < moved.length; i++) {
      moved[i] -= firstNode;
    }
    return new GridAxis(
        from,
        to,
        nodes - 1,
        moved,
        fraction,
        Arrays.copyOfRange(endOfCell, firstNode, firstNode + nodes));
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
