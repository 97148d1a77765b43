package io.github.pixelwise.network.tflite;

import io.github.pixelwise.network.Kernel;
import io.github.pixelwise.network.Operation;
import io.github.pixelwise.network.Shape;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;

/**
 * Convolutions. The file's weights have the axes output channels, height, width, input channels;
 * for depthwise convolutions 1, height, width, output channels.
 */
final class Convolutions {
  private Convolutions() {}

  static Value convolution(Call call) throws IOException {
    FlatTable options = call.options();
    Value input = call.input(0).image();
    StoredTensor weights = weights(call);
    List<Integer> shape = weights.shape();
    int channels = input.grid().channels();
    if (channels % shape.get(3) != 0) {
      throw new IOException(
          "its weights are for %d channels, its input has %d".formatted(shape.get(3), channels));
    }
    Kernel kernel =
        Windows.kernel(
            new Windows.Axis(shape.get(2), options.int32(1, 0), options.int32(4, 1)),
            new Windows.Axis(shape.get(1), options.int32(2, 0), options.int32(5, 1)),
            input.grid(),
            Windows.isPadded(options, 0));
    Value result =
        convolved(
            call,
            new Operation.Convolution(shape.get(0), kernel.groups(channels / shape.get(3))),
            input,
            () -> Axes.permuted(weights.values(), shape, 0, 3, 1, 2));
    return call.activated(result, 3);
  }

  static Value depthwise(Call call) throws IOException {
    FlatTable options = call.options();
    Value input = call.input(0).image();
    StoredTensor weights = weights(call);
    List<Integer> shape = weights.shape();
    int channels = input.grid().channels();
    if (shape.get(0) != 1 || shape.get(3) % channels != 0) {
      throw new IOException(
          "its weights of %s do not fit the %d channels of its input".formatted(shape, channels));
    }
    Kernel kernel =
        Windows.kernel(
            new Windows.Axis(shape.get(2), options.int32(1, 0), options.int32(5, 1)),
            new Windows.Axis(shape.get(1), options.int32(2, 0), options.int32(6, 1)),
            input.grid(),
            Windows.isPadded(options, 0));
    Value result =
        convolved(
            call,
            new Operation.Convolution(shape.get(3), kernel.groups(channels)),
            input,
            () -> Axes.permuted(weights.values(), shape, 3, 0, 1, 2));
    return call.activated(result, 4);
  }

  /**
   * A fully connected layer. If it uses all numbers of an image at once, it is a convolution whose
   * window is the whole image; otherwise it uses the channels of one node.
   */
  static Value fullyConnected(Call call) throws IOException {
    FlatTable options = call.options();
    if (options.int8(1, 0) != 0) {
      throw new IOException("its weights are shuffled, which is not supported");
    }
    Value input = call.input(0);
    StoredTensor weights = call.numbers(1, "weights");
    if (weights.shape().size() != 2) {
      throw new IOException("its weights have the axes %s; expected 2".formatted(weights.shape()));
    }
    int outputs = weights.shape().get(0);
    int inputs = weights.shape().get(1);
    Shape grid = input.grid();
    boolean pointwise = input.endsWithChannels() && inputs == grid.channels();
    if (!pointwise && inputs != (long) grid.channels() * grid.width() * grid.height()) {
      throw new IOException(
          "its weights are for %d numbers, its input has %s".formatted(inputs, grid));
    }
    int width = pointwise ? 1 : grid.width();
    int height = pointwise ? 1 : grid.height();
    Kernel kernel =
        Windows.kernel(new Windows.Axis(width, 1, 1), new Windows.Axis(height, 1, 1), grid, false);
    List<Integer> shape = List.of(outputs, height, width, grid.channels());
    Value result =
        convolved(
            call,
            new Operation.Convolution(outputs, kernel),
            input,
            () -> Axes.permuted(weights.values(), shape, 0, 3, 1, 2));
    boolean keepsAxes = options.int8(2, 0) != 0;
    int rows = result.grid().width() * result.grid().height();
    return call.activated(
        result.reshaped(
            keepsAxes && pointwise
                ? Axes.with(input.shape(), input.shape().size() - 1, outputs)
                : List.of(rows, outputs)),
        0);
  }

  /** The weights, with four axes. */
  static StoredTensor weights(Call call) throws IOException {
    StoredTensor weights = call.numbers(1, "weights");
    if (weights.shape().size() != 4) {
      throw new IOException("its weights have the axes %s; expected 4".formatted(weights.shape()));
    }
    return weights;
  }

  private static Value convolved(
      Call call, Operation.Convolution operation, Value input, Supplier<float[]> weights)
      throws IOException {
    boolean biased = call.node().has(2);
    Kernel kernel = biased ? operation.kernel().withBias() : operation.kernel();
    Value result =
        call.graph()
            .apply(call.name(), new Operation.Convolution(operation.channels(), kernel), input);
    call.parameter(result.layer(), 0, weights);
    if (biased) {
      addBias(call, result, 2);
    }
    return result;
  }

  /** Sets the bias, an input of the operator. */
  static void addBias(Call call, Value result, int input) throws IOException {
    StoredTensor bias = call.numbers(input, "bias");
    if (bias.count() != result.grid().channels()) {
      throw new IOException(
          "its bias has %d numbers for %d channels"
              .formatted(bias.count(), result.grid().channels()));
    }
    call.parameter(result.layer(), 1, bias::values);
  }
}
