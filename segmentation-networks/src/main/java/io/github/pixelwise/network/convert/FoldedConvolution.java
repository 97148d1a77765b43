package io.github.pixelwise.network.convert;

import io.github.pixelwise.network.AttentionOperation;
import io.github.pixelwise.network.Kernel;
import io.github.pixelwise.network.Layer;
import io.github.pixelwise.network.Operation;
import io.github.pixelwise.network.Parameter;
import io.github.pixelwise.network.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A convolution, transposed or not, or a linear layer as a 1 x 1 convolution, with the following
 * batch norm or layer scale folded into its weights.
 *
 * @param layer the convolution
 * @param norm the batch norm or layer scale, if one follows
 * @param weights the network's weights
 */
record FoldedConvolution(Layer layer, @Nullable Layer norm, Weights weights) {
  /** A range of input channels. */
  record Channels(int start, int length) {}

  static boolean isConvolution(Layer layer) {
    return layer.operation() instanceof Operation.Convolution
        || layer.operation() instanceof AttentionOperation.Linear
        || layer.operation() instanceof Operation.TransposedConvolution;
  }

  Operation operation() {
    boolean biased = norm != null || layer.parameters().size() > 1;
    if (layer.operation() instanceof AttentionOperation.Linear) {
      return new Operation.Convolution(layer.channels(), Kernel.of(1).withBias());
    }
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
            weight.name(), shape(weight), () -> folded(weights.values(weight.name()), weight));
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

  /** Returns the weight of a 1 x 1 convolution for a range of its inputs, and its own bias. */
  List<Constant> alone(Channels inputs, boolean biased) {
    Constant weight = weight(layer.name() + ".weight." + inputs.start(), List.of(inputs));
    return biased ? withBias(weight) : List.of(weight);
  }

  private static List<Integer> shape(Parameter weight) {
    List<Integer> shape = weight.shape();
    return shape.size() == 2 ? List.of(shape.get(0), shape.get(1), 1, 1) : shape;
  }

  /**
   * Returns the weight and bias of the single 1 x 1 convolution that equals another one followed by
   * a range of this one's input channels: {@code A (B x + b) + a = (A B) x + (A b + a)}.
   *
   * @param inputs the channels that the other one computes
   * @param inner the other one, a 1 x 1 convolution or linear layer
   * @param biased whether this one's own bias is included
   */
  List<Constant> after(Layer inner, Channels inputs, boolean biased) {
    Constant outer = weight(layer.name() + ".weight." + inputs.start(), List.of(inputs));
    FoldedConvolution first = new FoldedConvolution(inner, null, weights);
    Constant product =
        new Constant(
            outer.name(),
            List.of(layer.channels(), inner.inputs().get(0).channels(), 1, 1),
            () -> product(outer.values().get(), first.constants().get(0).values().get(), inputs));
    List<Constant> own = biased ? bias() : List.of();
    List<Constant> inners = first.bias();
    if (own.isEmpty() && inners.isEmpty()) {
      return List.of(product);
    }
    Constant bias =
        new Constant(
            layer.name() + ".bias." + inputs.start(),
            List.of(layer.channels()),
            () -> {
              float[] sum =
                  inners.isEmpty()
                      ? new float[layer.channels()]
                      : product(outer.values().get(), inners.get(0).values().get(), inputs);
              float[] summand = own.isEmpty() ? new float[sum.length] : own.get(0).values().get();
              for (int i = 0; i < sum.length; i++) {
                sum[i] += summand[i];
              }
              return sum;
            });
    return List.of(product, bias);
  }

  /** The product of two matrices, of which the first is as wide as a range. */
  private static float[] product(float[] first, float[] second, Channels range) {
    int inner = range.length();
    int rows = first.length / inner;
    int columns = second.length / inner;
    float[] product = new float[rows * columns];
    double[] sums = new double[columns];
    for (int row = 0; row < rows; row++) {
      Arrays.fill(sums, 0);
      for (int i = 0; i < inner; i++) {
        double factor = first[row * inner + i];
        for (int column = 0; column < columns; column++) {
          sums[column] += factor * second[i * columns + column];
        }
      }
      for (int column = 0; column < columns; column++) {
        product[row * columns + column] = (float) sums[column];
      }
    }
    return product;
  }

  private float[] folded(float[] values, Parameter weight) {
    if (norm == null) {
      return values;
    }
    // The output channel is the first axis of a convolution's weights and the second axis of a
    // transposed convolution's.
    List<Integer> shape = shape(weight);
    int window = shape.get(2) * shape.get(3);
    boolean transposed = layer.operation() instanceof Operation.TransposedConvolution;
    return ChannelFactors.of(norm, weights)
        .multiply(values, transposed ? window : shape.get(1) * window);
  }

  private List<Constant> withBias(Constant weight) {
    List<Constant> constants = new ArrayList<>();
    constants.add(weight);
    constants.addAll(bias());
    return constants;
  }

  /** Returns the bias, or nothing if there is none. */
  private List<Constant> bias() {
    List<Parameter> parameters = layer.parameters();
    boolean biased = parameters.size() > 1;
    if (norm == null && !biased) {
      return List.of();
    }
    return List.of(
        new Constant(
            layer.name() + ".bias",
            List.of(layer.channels()),
            () -> {
              float[] own =
                  biased ? weights.values(parameters.get(1).name()) : new float[layer.channels()];
              return norm == null ? own : ChannelFactors.of(norm, weights).apply(own);
            }));
  }
}
