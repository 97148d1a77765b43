package io.github.pixelwise.network;

import io.github.pixelwise.model.GridAlignment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;

/** What a layer computes. Each kind matches the PyTorch operation named in its documentation. */
public sealed interface Operation
    permits Operation.Input,
        Operation.Convolution,
        Operation.TransposedConvolution,
        Operation.BatchNorm,
        Operation.Activation,
        Operation.MaxPool,
        Operation.AveragePool,
        Operation.GlobalAveragePool,
        Operation.Upsample,
        Operation.Dropout,
        Operation.Softmax,
        Operation.ArgMax,
        AttentionOperation,
        TensorOperation {
  /**
   * Returns the shape of the result.
   *
   * @param inputs the shapes of the inputs
   * @return the shape
   * @throws IllegalArgumentException if the inputs do not fit the operation or each other
   */
  Shape shape(List<Shape> inputs);

  /**
   * Returns the parameters.
   *
   * @param layer the layer's name
   * @param input the shape of its first input
   * @return the parameters, in the order of PyTorch's state dict
   */
  default List<Parameter> parameters(String layer, Shape input) {
    return List.of();
  }

  /**
   * Returns the number of multiply-adds for one image. As is usual, only convolutions, linear
   * layers, and matrix products count.
   *
   * @param input the shape of the first input
   * @param output the shape of the result
   * @return the number
   */
  default long multiplyAdds(Shape input, Shape output) {
    return 0;
  }

  /**
   * Calls the visitor's method for this kind of operation.
   *
   * @param <R> the type of the result
   * @param visitor the visitor
   * @return the result of the method
   */
  <R> R accept(OperationVisitor<R> visitor);

  /**
   * The network's input.
   *
   * @param channels the number of channels
   */
  record Input(int channels) implements Operation {
    @Override
    public Shape shape(List<Shape> inputs) {
      return inputs.get(0).withChannels(channels);
    }

    @Override
    public <R> R accept(OperationVisitor<R> visitor) {
      return visitor.input(this);
    }
  }

  /**
   * {@code Conv2d}.
   *
   * @param channels the number of output channels
   * @param kernel its window
   */
  record Convolution(int channels, Kernel kernel) implements Operation {
    @Override
    public Shape shape(List<Shape> inputs) {
      Shape input = inputs.get(0);
      if (input.channels() % kernel.groups() != 0 || channels % kernel.groups() != 0) {
        throw new IllegalArgumentException(
            "%d input and %d output channels cannot be divided into %d groups"
                .formatted(input.channels(), channels, kernel.groups()));
      }
      return kernel.output(input, channels);
    }

    @Override
    public List<Parameter> parameters(String layer, Shape input) {
      return weightAndBias(
          layer,
          weight(channels, input.channels() / kernel.groups(), kernel),
          kernel.bias(),
          channels);
    }

    @Override
    public long multiplyAdds(Shape input, Shape output) {
      return output.nodes() * channels * (input.channels() / kernel.groups()) * kernel.nodes();
    }

    @Override
    public <R> R accept(OperationVisitor<R> visitor) {
      return visitor.convolution(this);
    }
  }

  /**
   * {@code ConvTranspose2d}.
   *
   * @param channels the number of output channels
   * @param kernel its window, with one group
   */
  record TransposedConvolution(int channels, Kernel kernel) implements Operation {
    /**
     * Creates a transposed convolution.
     *
     * @param channels the number of output channels
     * @param kernel its window, with one group, and the same padding on opposite sides
     */
    public TransposedConvolution {
      if (kernel.groups() != 1) {
        throw new IllegalArgumentException(
            "a transposed convolution must have one group, found " + kernel.groups());
      }
      if (!kernel.isSymmetric()) {
        throw new IllegalArgumentException(
            "a transposed convolution must have the same padding on opposite sides, found "
                + kernel);
      }
    }

    @Override
    public Shape shape(List<Shape> inputs) {
      return kernel.transposed(inputs.get(0), channels);
    }

    @Override
    public List<Parameter> parameters(String layer, Shape input) {
      return weightAndBias(
          layer, weight(input.channels(), channels, kernel), kernel.bias(), channels);
    }

    @Override
    public long multiplyAdds(Shape input, Shape output) {
      return input.nodes() * input.channels() * channels * kernel.nodes();
    }

    @Override
    public <R> R accept(OperationVisitor<R> visitor) {
      return visitor.transposedConvolution(this);
    }
  }

  /**
   * {@code BatchNorm2d} with its running statistics.
   *
   * @param epsilon the number added to the variance
   * @param momentum the share of a batch in the running statistics; only training uses it
   */
  record BatchNorm(double epsilon, double momentum) implements Operation {
    @Override
    public Shape shape(List<Shape> inputs) {
      return inputs.get(0);
    }

    @Override
    public List<Parameter> parameters(String layer, Shape input) {
      List<Integer> shape = List.of(input.channels());
      return List.of(
          new Parameter(layer + ".weight", shape, true),
          new Parameter(layer + ".bias", shape, true),
          new Parameter(layer + ".running_mean", shape, false),
          new Parameter(layer + ".running_var", shape, false));
    }

    @Override
    public <R> R accept(OperationVisitor<R> visitor) {
      return visitor.batchNorm(this);
    }
  }

  /** A function applied to each number. */
  enum Activation implements Operation {
    /** {@code ReLU}. */
    RELU,
    /** {@code ReLU6}: 0 to 6. */
    RELU6,
    /** {@code Hardswish}: x times hard sigmoid. */
    HARD_SWISH,
    /** {@code Hardsigmoid}: x / 6 + 1 / 2 within 0 to 1. */
    HARD_SIGMOID,
    /** {@code Sigmoid}. */
    SIGMOID,
    /** {@code ELU} with alpha 1. */
    ELU,
    /** {@code GELU}: x times the normal distribution's share below x, computed exactly. */
    GELU,
    /** {@code Tanh}. */
    TANH;

    @Override
    public Shape shape(List<Shape> inputs) {
      return inputs.get(0);
    }

    @Override
    public <R> R accept(OperationVisitor<R> visitor) {
      return visitor.activation(this);
    }
  }

  /**
   * {@code MaxPool2d}.
   *
   * @param window the window
   */
  record MaxPool(Kernel window) implements Operation {
    @Override
    public Shape shape(List<Shape> inputs) {
      return pooled(window, inputs.get(0));
    }

    @Override
    public <R> R accept(OperationVisitor<R> visitor) {
      return visitor.maxPool(this);
    }
  }

  /**
   * {@code AvgPool2d}.
   *
   * @param window the window
   * @param countsPadding whether padding counts toward the mean, as in PyTorch by default
   */
  record AveragePool(Kernel window, boolean countsPadding) implements Operation {
    @Override
    public Shape shape(List<Shape> inputs) {
      return pooled(window, inputs.get(0));
    }

    @Override
    public <R> R accept(OperationVisitor<R> visitor) {
      return visitor.averagePool(this);
    }
  }

  /** {@code AdaptiveAvgPool2d(1)}. */
  record GlobalAveragePool() implements Operation {
    @Override
    public Shape shape(List<Shape> inputs) {
      return new Shape(inputs.get(0).channels(), 1, 1);
    }

    @Override
    public <R> R accept(OperationVisitor<R> visitor) {
      return visitor.globalAveragePool(this);
    }
  }

  /**
   * Bilinear {@code interpolate}: by a factor, or to the size of a second input.
   *
   * @param factor the factor; empty if the second input gives the size
   * @param alignment how the nodes of the two grids are aligned
   */
  record Upsample(OptionalInt factor, GridAlignment alignment) implements Operation {
    /**
     * Creates an upsampling.
     *
     * @param factor the factor; empty if the second input gives the size
     * @param alignment how the nodes of the two grids are aligned
     */
    public Upsample {
      Objects.requireNonNull(alignment, "alignment");
      if (factor.isPresent() && factor.getAsInt() < 1) {
        throw new IllegalArgumentException(
            "the factor must be at least 1, found " + factor.getAsInt());
      }
    }

    @Override
    public Shape shape(List<Shape> inputs) {
      Shape input = inputs.get(0);
      if (factor.isEmpty()) {
        return inputs.get(1).withChannels(input.channels());
      }
      int times = factor.getAsInt();
      return new Shape(input.channels(), input.width() * times, input.height() * times);
    }

    @Override
    public <R> R accept(OperationVisitor<R> visitor) {
      return visitor.upsample(this);
    }
  }

  /**
   * {@code Dropout}: in training, sets numbers to 0 at random and enlarges the others accordingly;
   * otherwise changes nothing.
   *
   * @param probability the probability of 0, at least 0 and below 1
   */
  record Dropout(double probability) implements Operation {
    /**
     * Checks the probability.
     *
     * @param probability the probability of 0, at least 0 and below 1
     * @throws IllegalArgumentException if it is out of range
     */
    public Dropout {
      if (!(probability >= 0 && probability < 1)) {
        throw new IllegalArgumentException(
            "a dropout's probability must be at least 0 and below 1, found " + probability);
      }
    }

    @Override
    public Shape shape(List<Shape> inputs) {
      return inputs.get(0);
    }

    @Override
    public <R> R accept(OperationVisitor<R> visitor) {
      return visitor.dropout(this);
    }
  }

  /**
   * {@code softmax} over an axis.
   *
   * @param axis the axis along which results sum to 1
   */
  record Softmax(Axis axis) implements Operation {
    /**
     * Creates a softmax.
     *
     * @param axis the axis along which results sum to 1
     */
    public Softmax {
      Objects.requireNonNull(axis, "axis");
    }

    @Override
    public Shape shape(List<Shape> inputs) {
      return inputs.get(0);
    }

    @Override
    public <R> R accept(OperationVisitor<R> visitor) {
      return visitor.softmax(this);
    }
  }

  /** The index of the channel with the largest number, the first one if there are several. */
  record ArgMax() implements Operation {
    @Override
    public Shape shape(List<Shape> inputs) {
      return inputs.get(0).withChannels(1);
    }

    @Override
    public <R> R accept(OperationVisitor<R> visitor) {
      return visitor.argMax(this);
    }
  }

  private static Shape pooled(Kernel window, Shape input) {
    requirePadding(window.horizontal());
    requirePadding(window.vertical());
    return window.output(input, input.channels());
  }

  private static void requirePadding(Kernel.Axis axis) {
    int padding = Math.max(axis.before(), axis.after());
    // PyTorch's rule: with more padding, a window could cover nothing else.
    if (padding > axis.size() / 2) {
      throw new IllegalArgumentException(
          "a pool's padding must be at most half its window, found %d for a window of %d"
              .formatted(padding, axis.size()));
    }
  }

  private static List<Integer> weight(int first, int second, Kernel kernel) {
    return List.of(first, second, kernel.vertical().size(), kernel.horizontal().size());
  }

  private static List<Parameter> weightAndBias(
      String layer, List<Integer> shape, boolean bias, int channels) {
    List<Parameter> parameters = new ArrayList<>();
    parameters.add(new Parameter(layer + ".weight", shape, true));
    if (bias) {
      parameters.add(new Parameter(layer + ".bias", List.of(channels), true));
    }
    return parameters;
  }
}
