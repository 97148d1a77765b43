package io.github.pixelwise.network.tflite;

import io.github.pixelwise.network.Layer;
import io.github.pixelwise.network.Operation;
import io.github.pixelwise.network.Operation.Activation;
import io.github.pixelwise.network.TensorOperation;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * An operator with the graph that it becomes a part of. Layers are named after the operator: its
 * type and index.
 *
 * @param node the operator
 * @param graph the graph
 */
record Call(Node node, Graph graph) {
  /** The codes of functions that are applied to an operator's result. */
  private static final int NO_FUNCTION = 0;

  private static final int RELU = 1;
  private static final int RELU_N1_TO_1 = 2;
  private static final int RELU6 = 3;
  private static final int TANH = 4;

  FlatTable options() {
    return node.options();
  }

  /** The name of a layer. */
  String name() {
    String type = node.code() == Node.CUSTOM ? node.custom() : OperatorNames.of(node.code());
    return type.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "_") + "_" + node.index();
  }

  /** The name of a further layer of the same operator. */
  String name(String part) {
    return name() + "_" + part;
  }

  /** An input, which may be numbers of the file. */
  Value input(int index) throws IOException {
    return graph.value(node.input(index), name("input_" + index));
  }

  Optional<StoredTensor> constant(int index) throws IOException {
    return node.has(index) ? graph.constant(node.input(index)) : Optional.empty();
  }

  /** An input that must be numbers of the file. */
  StoredTensor numbers(int index, String what) throws IOException {
    int tensor = node.input(index);
    return graph
        .constant(tensor)
        .orElseThrow(
            () ->
                new IOException(
                    "its %s must be numbers of the file; they depend on the image or are missing"
                        .formatted(what)));
  }

  /** An input that must be whole numbers of the file, such as axes. */
  int[] integers(int index, String what) throws IOException {
    try {
      return numbers(index, what).integers();
    } catch (IOException e) {
      throw new IOException("its %s: %s".formatted(what, e.getMessage()), e);
    }
  }

  /** Adds a layer without parameters. */
  Value apply(Operation operation, Value... inputs) throws IOException {
    return graph.apply("", operation, inputs);
  }

  /** Adds a function of each number, which keeps the axes. */
  Value elementwise(Operation operation, Value input) throws IOException {
    return apply(operation, input).reshaped(input.shape());
  }

  /** Applies the function that an operator's settings name. */
  Value activated(Value value, int field) throws IOException {
    int code = options().int8(field, NO_FUNCTION);
    return switch (code) {
      case NO_FUNCTION -> saturated(value);
      case RELU -> elementwise(Activation.RELU, value);
      case RELU_N1_TO_1 -> elementwise(new TensorOperation.Clip(-1, 1), value);
      case RELU6 -> elementwise(Activation.RELU6, value);
      case TANH -> elementwise(Activation.TANH, value);
      default -> throw new IOException("its function has the unknown code " + code);
    };
  }

  /**
   * Clips a sum or product whose stored type begins at 0: converters leave out a ReLU that the type
   * itself implies.
   */
  private Value saturated(Value value) throws IOException {
    Operation computed = value.layer().operation();
    boolean isSum =
        computed instanceof Operation.Convolution
            || computed instanceof Operation.TransposedConvolution
            || computed instanceof TensorOperation.Add
            || computed instanceof TensorOperation.Multiply
            || computed instanceof TensorOperation.Subtract;
    if (!isSum) {
      return value;
    }
    float highest = graph.file().highestIfFromZero(node.output());
    return highest == 0 ? value : elementwise(new TensorOperation.Clip(0, highest), value);
  }

  /** Sets a parameter of a layer. */
  void parameter(Layer layer, int index, Supplier<float[]> values) {
    graph.parameter(layer, index, values);
  }
}
