package io.github.pixelwise.network.tflite;

import io.github.pixelwise.network.Kernel;
import io.github.pixelwise.network.Shape;
import java.io.IOException;

/** Windows of convolutions and pools, with padding by TensorFlow's rules. */
final class Windows {
  /** The most nodes that a window spans, and the longest stride. */
  private static final int LONGEST = 1 << 15;

  private static final int SAME = 0;
  private static final int VALID = 1;

  private Windows() {}

  /** Whether an operator's settings ask for padding, by the field with the code of the rule. */
  static boolean isPadded(FlatTable options, int field) throws IOException {
    int code = options.int8(field, SAME);
    if (code != SAME && code != VALID) {
      throw new IOException("its padding has the unknown code " + code);
    }
    return code == SAME;
  }

  /**
   * One axis of a window.
   *
   * @param size the number of weights
   * @param stride the distance between output nodes, in input nodes
   * @param dilation the distance between weights, in input nodes
   */
  record Axis(int size, int stride, int dilation) {
    Axis {
      // Checked here, because later sums would overflow.
      if (size < 1 || stride < 1 || dilation < 1) {
        throw new IllegalArgumentException(
            "its window needs a size, stride, and dilation of at least 1, found %d, %d, and %d"
                .formatted(size, stride, dilation));
      }
      if (stride > LONGEST || span(size, dilation) > LONGEST) {
        throw new IllegalArgumentException(
            "its window spans %d nodes with a stride of %d; at most %d are supported"
                .formatted(span(size, dilation), stride, LONGEST));
      }
    }

    private static long span(int size, int dilation) {
      return (size - 1L) * dilation + 1;
    }

    /**
     * The window on an input of a length: if padded, the output is as long divided by the stride.
     */
    Kernel.Axis on(int length, boolean padded) {
      int outputs = (length + stride - 1) / stride;
      int total = padded ? outputs * stride - stride + (int) span(size, dilation) - length : 0;
      int before = Math.max(0, total) / 2;
      return new Kernel.Axis(size, stride, before, Math.max(0, total) - before, dilation);
    }
  }

  static Kernel kernel(Axis across, Axis down, Shape input, boolean padded) {
    return new Kernel(across.on(input.width(), padded), down.on(input.height(), padded), 1, false);
  }
}
