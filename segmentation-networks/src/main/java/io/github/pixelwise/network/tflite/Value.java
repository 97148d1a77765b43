package io.github.pixelwise.network.tflite;

import io.github.pixelwise.network.Layer;
import io.github.pixelwise.network.Shape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The result of an operator: a layer, and the axes that the next operator sees. The file's numbers
 * are in the order height, width, channels, and its axes always divide them in this order. So most
 * changes of axes, such as the removal of an axis of length 1, change nothing in the layer.
 *
 * @param layer the layer, with its channels first
 * @param grid the layer's shape
 * @param shape the lengths of the file's axes, outermost first
 * @param depth the number of layers in a row that lead to this one
 */
record Value(Layer layer, Shape grid, List<Integer> shape, int depth) {
  /** Creates the usual case: a single image with height, width, and channels. */
  static Value of(Layer layer, Shape grid, int depth) {
    return new Value(layer, grid, List.of(1, grid.height(), grid.width(), grid.channels()), depth);
  }

  /** The same numbers with other axes. */
  Value reshaped(List<Integer> other) {
    return new Value(layer, grid, other, depth);
  }

  /** Whether the axes, after leading ones of length 1, are height, width, and channels. */
  boolean isImage() {
    return padded(shape).equals(of(layer, grid, depth).shape());
  }

  /**
   * Returns this if its axes are height, width, and channels.
   *
   * @throws IOException if they are not
   */
  Value image() throws IOException {
    if (!isImage()) {
      throw new IOException(
          "its input has the axes %s, which do not fit the image of %s (channels x height x width) that they came from"
              .formatted(shape, grid));
    }
    return this;
  }

  /** Whether the last axis is that of the channels. */
  boolean endsWithChannels() {
    return !shape.isEmpty() && shape.get(shape.size() - 1) == grid.channels();
  }

  /** A shape with at least four axes, by axes of length 1 before its own. */
  static List<Integer> padded(List<Integer> shape) {
    List<Integer> all = new ArrayList<>(shape);
    while (all.size() < 4) {
      all.add(0, 1);
    }
    return List.copyOf(all);
  }
}
