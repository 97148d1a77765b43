package io.github.pixelwise.network.tflite;

import io.github.pixelwise.network.Kernel;
import io.github.pixelwise.network.Operation;
import io.github.pixelwise.network.Shape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Pools and means. */
final class Pools {
  private Pools() {}

  static Value max(Call call) throws IOException {
    Value input = call.input(0).image();
    return call.activated(call.apply(new Operation.MaxPool(window(call, input)), input), 5);
  }

  /** The mean of each window, without the padding. */
  static Value average(Call call) throws IOException {
    Value input = call.input(0).image();
    Kernel window = window(call, input);
    Operation pool = new Operation.AveragePool(window, false);
    boolean whole =
        window.horizontal().size() == input.grid().width()
            && window.vertical().size() == input.grid().height()
            && pool.shape(List.of(input.grid())).equals(new Shape(input.grid().channels(), 1, 1));
    return call.activated(call.apply(whole ? new Operation.GlobalAveragePool() : pool, input), 5);
  }

  private static Kernel window(Call call, Value input) throws IOException {
    FlatTable options = call.options();
    return Windows.kernel(
        new Windows.Axis(options.int32(3, 0), options.int32(1, 0), 1),
        new Windows.Axis(options.int32(4, 0), options.int32(2, 0), 1),
        input.grid(),
        Windows.isPadded(options, 0));
  }

  /** A window that covers a grid once. */
  private static Kernel fit(int width, int height) {
    return new Kernel(
        new Kernel.Axis(width, 1, 0, 0, 1), new Kernel.Axis(height, 1, 0, 0, 1), 1, false);
  }

  /** The mean along axes: of rows, columns, channels, or several of them. */
  static Value mean(Call call) throws IOException {
    Value input = call.input(0).image();
    int axes = input.shape().size();
    Set<Integer> means = new TreeSet<>();
    for (int axis : call.integers(1, "axes")) {
      means.add(Axes.normalized(axis, axes) + 4 - axes);
    }
    if (axes > 4 || means.contains(0)) {
      throw new IOException(
          "it has the axes %s of %s; the mean of several images is not supported"
              .formatted(Arrays.toString(call.integers(1, "axes")), input.shape()));
    }
    Value result = input;
    if (means.contains(1) || means.contains(2)) {
      int width = means.contains(2) ? input.grid().width() : 1;
      int height = means.contains(1) ? input.grid().height() : 1;
      boolean whole = means.contains(1) && means.contains(2);
      result =
          call.apply(
              whole
                  ? new Operation.GlobalAveragePool()
                  : new Operation.AveragePool(fit(width, height), false),
              input);
    }
    if (means.contains(3)) {
      result = ofChannels(call, result);
    }
    boolean keeps = call.options().int8(0, 0) != 0;
    List<Integer> left = new ArrayList<>();
    for (int axis = 4 - axes; axis < 4; axis++) {
      if (keeps || !means.contains(axis)) {
        left.add(result.shape().get(axis));
      }
    }
    return result.reshaped(List.copyOf(left));
  }

  /** The mean of channels, as a convolution with equal weights. */
  private static Value ofChannels(Call call, Value input) throws IOException {
    int channels = input.grid().channels();
    Value result =
        call.graph().apply(call.name(), new Operation.Convolution(1, Kernel.of(1)), input);
    call.parameter(
        result.layer(),
        0,
        () -> {
          float[] weights = new float[channels];
          Arrays.fill(weights, 1f / channels);
          return weights;
        });
    return result;
  }
}
