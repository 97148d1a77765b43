package io.github.pixelwise.network.tflite;

import io.github.pixelwise.network.Axis;
import io.github.pixelwise.network.Operation;
import io.github.pixelwise.network.Shape;
import io.github.pixelwise.network.TensorOperation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/** Sums, products, and functions of each number. */
final class Arithmetic {
  private Arithmetic() {}

  static Value add(Call call) throws IOException {
    return symmetric(call, new TensorOperation.Add());
  }

  static Value multiply(Call call) throws IOException {
    return symmetric(call, new TensorOperation.Multiply());
  }

  static Value subtract(Call call) throws IOException {
    Value first = call.input(0);
    Value second = call.input(1);
    return combined(call, new TensorOperation.Subtract(), first, second);
  }

  /** An operation whose inputs may be exchanged, so that the larger one is the first. */
  private static Value symmetric(Call call, Operation operation) throws IOException {
    Value first = call.input(0);
    Value second = call.input(1);
    boolean inOrder =
        size(first) > size(second) || (size(first) == size(second) && call.constant(0).isEmpty());
    return inOrder
        ? combined(call, operation, first, second)
        : combined(call, operation, second, first);
  }

  private static long size(Value value) {
    Shape grid = value.grid();
    return (long) grid.channels() * grid.width() * grid.height();
  }

  private static Value combined(Call call, Operation operation, Value first, Value second)
      throws IOException {
    boolean same = first.shape().equals(second.shape()) && first.grid().equals(second.grid());
    if (!same) {
      first.image();
      second.image();
    }
    Value result = call.apply(operation, first, second);
    return call.activated(result.reshaped(broadcast(first.shape(), second.shape())), 0);
  }

  /** The axes of a result: those of the longer list, each as long as the longer of the two. */
  private static List<Integer> broadcast(List<Integer> first, List<Integer> second) {
    List<Integer> longer = new ArrayList<>(first.size() >= second.size() ? first : second);
    List<Integer> shorter = first.size() >= second.size() ? second : first;
    int start = longer.size() - shorter.size();
    for (int i = 0; i < shorter.size(); i++) {
      longer.set(start + i, Math.max(longer.get(start + i), shorter.get(i)));
    }
    return List.copyOf(longer);
  }

  /** PReLU, whose factors depend only on the channel. */
  static Value prelu(Call call) throws IOException {
    StoredTensor factors = call.numbers(1, "factors");
    Value input = call.input(0).image();
    int channels = input.grid().channels();
    if (factors.count() == 1) {
      return withFactors(call, input, () -> filled(channels, factors.values()[0]));
    }
    if (factors.count() != channels
        || factors.shape().get(factors.shape().size() - 1) != channels) {
      throw new IOException(
          "its factors have the axes %s; only one factor for each of the %d channels is supported"
              .formatted(factors.shape(), channels));
    }
    return withFactors(call, input, factors::values);
  }

  static Value leakyRelu(Call call) throws IOException {
    Value input = call.input(0).image();
    float factor = call.options().float32(0, 0);
    int channels = input.grid().channels();
    return withFactors(call, input, () -> filled(channels, factor));
  }

  private static Value withFactors(Call call, Value input, Supplier<float[]> factors)
      throws IOException {
    Value result = call.graph().apply(call.name(), new TensorOperation.PRelu(), input);
    call.parameter(result.layer(), 0, factors);
    return result.reshaped(input.shape());
  }

  private static float[] filled(int length, float value) {
    float[] values = new float[length];
    Arrays.fill(values, value);
    return values;
  }

  static Value softmax(Call call) throws IOException {
    Value input = call.input(0);
    if (!input.endsWithChannels()) {
      throw new IOException(
          "it needs the channels as the last axis, found %s for %s (channels x height x width)"
              .formatted(input.shape(), input.grid()));
    }
    float beta = call.options().float32(0, 1);
    Value scaled = beta == 1 ? input : times(call, input, beta);
    return call.elementwise(new Operation.Softmax(Axis.CHANNELS), scaled);
  }

  private static Value times(Call call, Value input, float factor) throws IOException {
    Value constant =
        call.graph()
            .constant(
                call.name("factor"), new Shape(1, 1, 1), List.of(1), () -> new float[] {factor});
    return call.apply(new TensorOperation.Multiply(), input, constant).reshaped(input.shape());
  }

  /** The index of the largest channel. */
  static Value argMax(Call call) throws IOException {
    Value input = call.input(0);
    int[] axis = call.integers(1, "axis");
    int last = input.shape().size() - 1;
    if (axis.length != 1
        || Axes.normalized(axis[0], input.shape().size()) != last
        || !input.endsWithChannels()) {
      throw new IOException(
          "only the largest channel is supported, found axis %s of %s"
              .formatted(Arrays.toString(axis), input.shape()));
    }
    return call.apply(new Operation.ArgMax(), input).reshaped(input.shape().subList(0, last));
  }
}
