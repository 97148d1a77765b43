package io.github.pixelwise.network.tflite;

import io.github.pixelwise.network.Kernel;
import io.github.pixelwise.network.Operation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Transposed convolutions. TensorFlow may cut off more of the result at its end than at its
 * beginning, which not every engine can. Zeros around the weights then make both the same.
 */
final class TransposedConvolutions {
  /** How many times as many weights there may be with the zeros as without. */
  private static final int MOST_ZEROS = 16;

  private static final int CUSTOM_SAME = 1;
  private static final int CUSTOM_VALID = 2;

  private TransposedConvolutions() {}

  /** How the result of one axis is cut, and the zeros around the weights. */
  private record Cut(int size, int stride, int padding, int zerosBefore, int zerosAfter) {
    /**
     * @param input the length of the input
     * @param output the length of the output
     * @param before how much is cut off before the output
     */
    static Cut of(int size, int stride, int input, int output, int before) {
      long after = (input - 1L) * stride + size - before - output;
      if (output < 1 || after <= -stride || after >= (long) size + stride) {
        throw new IllegalArgumentException(
            "an input of %d, a window of %d, and a stride of %d cannot give an output of %d"
                .formatted(input, size, stride, output));
      }
      int padding = Math.max(before, (int) after);
      return new Cut(size, stride, padding, padding - before, padding - (int) after);
    }

    int length() {
      return size + zerosBefore + zerosAfter;
    }

    Kernel.Axis axis() {
      return new Kernel.Axis(length(), stride, padding, padding, 1);
    }
  }

  /** TensorFlow's operator, which is given the shape of its result. */
  static Value builtin(Call call) throws IOException {
    int[] output = call.integers(0, "output shape");
    if (output.length != 4) {
      throw new IOException("its output shape has %d numbers; expected 4".formatted(output.length));
    }
    StoredTensor weights = Convolutions.weights(call);
    Value input = call.input(2).image();
    boolean padded = Windows.isPadded(call.options(), 0);
    Cut across =
        cut(
            new Windows.Axis(weights.shape().get(2), call.options().int32(1, 0), 1),
            input.grid().width(),
            output[2],
            padded);
    Cut down =
        cut(
            new Windows.Axis(weights.shape().get(1), call.options().int32(2, 0), 1),
            input.grid().height(),
            output[1],
            padded);
    return call.activated(transposed(call, input, weights, across, down, 3), 3);
  }

  /** The padding is that of the convolution from the output to the input. */
  private static Cut cut(Windows.Axis window, int input, int output, boolean padded) {
    int bounded = Math.max(1, Math.min(output, 1 << 20));
    return Cut.of(
        window.size(), window.stride(), input, output, window.on(bounded, padded).before());
  }

  /**
   * MediaPipe's operator {@code Convolution2DTransposeBias}. Its settings are three 32-bit numbers:
   * the padding, and the strides along width and height. If padded, the result is as long as the
   * input times the stride, unless the window is shorter than the stride.
   */
  static Value withBias(Call call) throws IOException {
    ByteBuffer settings = call.node().customOptions();
    if (settings.limit() < 3 * Integer.BYTES) {
      throw new IOException("its settings have %d bytes; expected 12".formatted(settings.limit()));
    }
    ByteBuffer numbers = settings.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    int rule = numbers.getInt(0);
    if (rule != CUSTOM_SAME && rule != CUSTOM_VALID) {
      throw new IOException("its padding has the unknown code " + rule);
    }
    StoredTensor weights = Convolutions.weights(call);
    Value input = call.input(0).image();
    Cut across =
        custom(
            new Windows.Axis(weights.shape().get(2), numbers.getInt(4), 1),
            input.grid().width(),
            rule == CUSTOM_SAME);
    Cut down =
        custom(
            new Windows.Axis(weights.shape().get(1), numbers.getInt(8), 1),
            input.grid().height(),
            rule == CUSTOM_SAME);
    return transposed(call, input, weights, across, down, 2);
  }

  private static Cut custom(Windows.Axis window, int input, boolean padded) {
    int overlap = window.size() - (input - 1) % window.stride() - 1;
    int total = padded ? Math.max(0, overlap) : 0;
    int output = (input - 1) * window.stride() + window.size() - total;
    return Cut.of(window.size(), window.stride(), input, output, total / 2);
  }

  private static Value transposed(
      Call call, Value input, StoredTensor weights, Cut across, Cut down, int bias)
      throws IOException {
    List<Integer> shape = weights.shape();
    if (shape.get(3) != input.grid().channels()) {
      throw new IOException(
          "its weights are for %d channels, its input has %d"
              .formatted(shape.get(3), input.grid().channels()));
    }
    if ((long) across.length() * down.length() > (long) MOST_ZEROS * across.size() * down.size()) {
      throw new IOException(
          "its stride of %d x %d is too long for its window of %d x %d"
              .formatted(across.stride(), down.stride(), across.size(), down.size()));
    }
    boolean biased = call.node().has(bias);
    Kernel kernel = new Kernel(across.axis(), down.axis(), 1, biased);
    Value result =
        call.graph()
            .apply(call.name(), new Operation.TransposedConvolution(shape.get(0), kernel), input);
    call.parameter(
        result.layer(),
        0,
        () -> widened(Axes.permuted(weights.values(), shape, 3, 0, 1, 2), across, down));
    if (biased) {
      Convolutions.addBias(call, result, bias);
    }
    return result;
  }

  /** Puts zeros around each window. */
  private static float[] widened(float[] weights, Cut across, Cut down) {
    int windows = weights.length / (across.size() * down.size());
    float[] widened = new float[windows * across.length() * down.length()];
    for (int row = 0; row < windows * down.size(); row++) {
      int window = row / down.size();
      int to = window * down.length() + down.zerosBefore() + row % down.size();
      System.arraycopy(
          weights,
          row * across.size(),
          widened,
          to * across.length() + across.zerosBefore(),
          across.size());
    }
    return widened;
  }
}
