package io.github.pixelwise.network.tflite;

import io.github.pixelwise.network.Shape;
import io.github.pixelwise.network.TensorOperation.Pad;
import io.github.pixelwise.network.TensorOperation.Resize;
import io.github.pixelwise.network.TensorOperation.Resize.Sampling;
import java.io.IOException;

/** Resizing to a size that the file gives. */
final class Resizing {
  private Resizing() {}

  static Value bilinear(Call call) throws IOException {
    Value input = call.input(0).image();
    Shape size = size(call, input);
    boolean aligned = call.options().int8(2, 0) != 0;
    boolean centered = call.options().int8(3, 0) != 0;
    if (aligned && centered) {
      throw new IOException("it has both aligned corners and half-pixel centers");
    }
    if (aligned || centered || isSingleNode(input.grid())) {
      Sampling sampling = aligned ? Sampling.ALIGNED_CORNERS : Sampling.HALF_PIXEL;
      return call.apply(new Resize(size.width(), size.height(), sampling), input);
    }
    return fromTopLeft(call, input, size);
  }

  /**
   * TensorFlow's first rule: node x of the result lies at x / factor of the input. This is the same
   * as aligned corners up to the input's last node, which is repeated after it.
   */
  private static Value fromTopLeft(Call call, Value input, Shape size) throws IOException {
    requireFactors(input.grid(), size, "without aligned corners or half-pixel centers");
    int right = size.width() / input.grid().width() - 1;
    int bottom = size.height() / input.grid().height() - 1;
    if (right == 0 && bottom == 0) {
      return input;
    }
    Resize resize =
        new Resize(size.width() - right, size.height() - bottom, Sampling.ALIGNED_CORNERS);
    return call.apply(new Pad(0, right, 0, bottom, 0, Pad.Fill.EDGE), call.apply(resize, input));
  }

  static Value nearest(Call call) throws IOException {
    Value input = call.input(0).image();
    Shape size = size(call, input);
    boolean aligned = call.options().int8(0, 0) != 0;
    boolean centered = call.options().int8(1, 0) != 0;
    if (aligned && !isSingleNode(input.grid())) {
      throw new IOException("the nearest node with aligned corners is not supported");
    }
    if (centered) {
      // For whole factors, the nearest center is the same node.
      requireFactors(input.grid(), size, "with the nearest half-pixel centers");
    }
    return call.apply(new Resize(size.width(), size.height(), Sampling.NEAREST), input);
  }

  private static Shape size(Call call, Value input) throws IOException {
    int[] size = call.integers(1, "size");
    if (size.length != 2) {
      throw new IOException("its size has %d numbers; expected 2".formatted(size.length));
    }
    return new Shape(input.grid().channels(), size[1], size[0]);
  }

  private static boolean isSingleNode(Shape grid) {
    return grid.width() == 1 && grid.height() == 1;
  }

  private static void requireFactors(Shape input, Shape output, String rule) throws IOException {
    if (output.width() % input.width() != 0 || output.height() % input.height() != 0) {
      throw new IOException(
          "it resizes %d x %d to %d x %d; %s, only whole factors are supported"
              .formatted(input.width(), input.height(), output.width(), output.height(), rule));
    }
  }
}
