package io.github.pixelwise.network.convert;

import io.github.pixelwise.network.Kernel;
import io.github.pixelwise.network.Layer;
import io.github.pixelwise.network.Operation;
import io.github.pixelwise.network.Parameter;
import io.github.pixelwise.network.Weights;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A convolution, transposed or not, with the following batch norm folded into its weights.
 *
 * @param layer the convolution
 * @param norm the batch norm, if one follows
 * @param weights the network's weights
 */
record FoldedConvolution(Layer layer, @Nullable Layer norm, Weights weights) {
  /** A range of input channels. */
  record Channels(int start, int length) {}

  static boolean isConvolution(Layer layer) {
    return layer.operation() instanceof Operation.Convolution
        || layer.operation() instanceof Operation.TransposedConvolution;
  }

  Operation operation() {
    boolean biased = norm != null || layer.parameters().size() > 1;
    if (layer.operation() instanceof Operation.Convolution convolution) {
      return new Operation.Convolution(convolution.channels(), bias(convolution.kernel(), biased));
    }
    var transposed = (Operation.TransposedConvolution) layer.operation();
    return new Operation.TransposedConvolution(
        transposed.channels(), bias(transposed.kernel(), biased));
  }

  private static Kernel bias(Kernel kernel, boolean biased) {
    return biased ? kernel.withBias() : kernel;
  }

  /** Returns the weight, and the bias if there is one. */
  List<Constant> constants() {
    Parameter weight = layer.parameters().get(0);
    Constant folded =
        new Constant(
            weight.name(), weight.shape(), () -> folded(weights.values(weight.name()), weight));
    return withBias(folded);
  }

  /** Returns the weight and bias of a 1 x 1 convolution for a range of its input channels. */
  List<Constant> constants(List<Channels> inputs) {
    return withBias(weight(layer.name() + ".weight", inputs));
  }

  /** Returns only the weight of a 1 x 1 convolution for a range of its input channels. */
  Constant weight(String name, List<Channels> inputs) {
    Parameter weight = layer.parameters().get(0);
    int columns = inputs.stream().mapToInt(Channels::length).sum();
    return new Constant(
        name,
        List.of(layer.channels(), columns, 1, 1),
        () ->
            columns(folded(weights.values(weight.name()), weight), weight.shape().get(1), inputs));
  }

  private static float[] columns(float[] matrix, int width, List<Channels> inputs) {
    int rows = matrix.length / width;
    float[] columns = new float[rows * inputs.stream().mapToInt(Channels::length).sum()];
    int to = 0;
    for (int row = 0; row < rows; row++) {
      for (Channels part : inputs) {
        System.arraycopy(matrix, row * width + part.start(), columns, to, part.length());
        to += part.length();
      }
    }
    return columns;
  }

  private float[] folded(float[] values, Parameter weight) {
    if (norm == null) {
      return values;
    }
    // The output channel is the first axis of a convolution's weights and the second axis of a
    // transposed convolution's.
    int window = weight.shape().get(2) * weight.shape().get(3);
    boolean transposed = layer.operation() instanceof Operation.TransposedConvolution;
    return BatchNormFolding.of(norm, weights)
        .multiply(values, transposed ? window : weight.shape().get(1) * window);
  }

  private List<Constant> withBias(Constant weight) {
    List<Parameter> parameters = layer.parameters();
    boolean biased = parameters.size() > 1;
    if (norm == null && !biased) {
      return List.of(weight);
    }
    Constant bias =
        new Constant(
            layer.name() + ".bias",
            List.of(layer.channels()),
            () -> {
              float[] own =
                  biased ? weights.values(parameters.get(1).name()) : new float[layer.channels()];
              return norm == null ? own : BatchNormFolding.of(norm, weights).apply(own);
            });
    return List.of(weight, bias);
  }
}
