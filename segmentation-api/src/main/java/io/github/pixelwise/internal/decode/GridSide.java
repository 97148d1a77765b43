package io.github.pixelwise.internal.decode;

import io.github.pixelwise.ScoreMap;
import io.github.pixelwise.model.GridAlignment;
import io.github.pixelwise.model.ImageGeometry;

/**
 * One side of a source image, of the network's input that it became, and of the output's grid.
 *
 * @param source the source's side
 * @param contentStart where the resized source begins in the input
 * @param content the resized source's side
 * @param input the input's side
 * @param nodes the grid's side
 * @param alignment how the grid lies on the input
 */
record GridSide(
    int source, int contentStart, double content, int input, int nodes, GridAlignment alignment) {
  /** The horizontal side of these scores. */
  static GridSide columns(ScoreMap scores) {
    ImageGeometry geometry = scores.geometry();
    return new GridSide(
        geometry.sourceWidth(),
        geometry.contentLeft(),
        geometry.contentWidth(),
        geometry.inputWidth(),
        scores.width(),
        scores.spec().alignment());
  }

  /** The vertical side of these scores. */
  static GridSide rows(ScoreMap scores) {
    ImageGeometry geometry = scores.geometry();
    return new GridSide(
        geometry.sourceHeight(),
        geometry.contentTop(),
        geometry.contentHeight(),
        geometry.inputHeight(),
        scores.height(),
        scores.spec().alignment());
  }

  /**
   * The side if a small copy takes the source's place.
   *
   * @param pixels the side of the copy
   * @param scale how many of the source's pixels are one of the copy's. The last one may reach
   *     beyond the source.
   */
  GridSide ofCopy(int pixels, int scale) {
    return new GridSide(
        pixels, contentStart, content * pixels * scale / source, input, nodes, alignment);
  }

  /** Where a source pixel's center lies in the input. */
  double inputOfPixel(int pixel) {
    return (pixel + 0.5) * content / source - 0.5 + contentStart;
  }

  /** Where a node lies in the input. */
  double inputOfNode(int node) {
    return switch (alignment) {
      case HALF_PIXEL -> (node + 0.5) * input / nodes - 0.5;
      case ALIGNED_CORNERS -> nodes == 1 ? 0 : (double) node * (input - 1) / (nodes - 1);
    };
  }

  /** Where a place in another input of the same source lies in this one. */
  double inputOf(GridSide other, double place) {
    return (place + 0.5 - other.contentStart) * content / other.content - 0.5 + contentStart;
  }

  /** Where a place in the input lies on the grid, no further out than the first and last node. */
  double onGrid(double place) {
    double grid =
        switch (alignment) {
          case HALF_PIXEL -> (place + 0.5) * nodes / input - 0.5;
          case ALIGNED_CORNERS -> input == 1 ? 0 : place * (nodes - 1) / (input - 1);
        };
    return Math.max(0, Math.min(nodes - 1, grid));
  }
}
