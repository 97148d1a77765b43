package io.github.pixelwise.network;

import io.github.pixelwise.model.GridAlignment;
import io.github.pixelwise.model.InputSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * One step of a network: an operation on the results of other layers. To build a network, chain
 * calls:
 *
 * <pre>{@code
 * Layer image = Layer.input(3, spec);
 * Layer stem = image.convolution("conv1", 64, Kernel.of(7).stride(2)).batchNorm("bn1").relu();
 * }</pre>
 *
 * <p>Names match PyTorch's state dict, so its checkpoints fit. Creating a layer that does not fit
 * its inputs throws: shapes are checked for 33 successive input sides, which cover every case for
 * strides up to 32. Immutable.
 */
public final class Layer {
  private final String name;
  private final Operation operation;
  private final List<Layer> inputs;
  private final InputSpec spec;

  /** The output shape for each input size that is checked. */
  private final List<Shape> shapes;

  private Layer(
      String name, Operation operation, List<Layer> inputs, InputSpec spec, List<Shape> shapes) {
    this.name = name;
    this.operation = operation;
    this.inputs = inputs;
    this.spec = spec;
    this.shapes = shapes;
  }

  /**
   * Creates the input of a network.
   *
   * @param channels the number of channels
   * @param spec how an image becomes the input; its size rule defines the possible sides
   * @return the input as a layer
   */
  public static Layer input(int channels, InputSpec spec) {
    List<Shape> shapes =
        Shape.probes(spec.size()).stream().map(p -> p.withChannels(channels)).toList();
    return new Layer(spec.name(), new Operation.Input(channels), List.of(), spec, shapes);
  }

  /**
   * Concatenates layers along the channels.
   *
   * @param layers the layers, all of the same width and height
   * @return the new layer
   * @throws IllegalArgumentException if there are none, or their sizes differ
   */
  public static Layer concatenate(Layer... layers) {
    if (layers.length == 0) {
      throw new IllegalArgumentException("there are no layers to concatenate");
    }
    return layers[0].then("", new TensorOperation.Concatenate(), layers);
  }

  /**
   * Applies a convolution, PyTorch's {@code Conv2d}.
   *
   * @param name the layer's name in the state dict
   * @param channels the number of output channels
   * @param kernel the window
   * @return the new layer
   * @throws IllegalArgumentException if the kernel does not fit
   */
  public Layer convolution(String name, int channels, Kernel kernel) {
    return then(name, new Operation.Convolution(channels, kernel), this);
  }

  /**
   * Applies a depthwise convolution: each channel is convolved separately.
   *
   * @param name the layer's name in the state dict
   * @param kernel the window; its number of groups is ignored
   * @return the new layer
   * @throws IllegalArgumentException if the kernel does not fit
   */
  public Layer depthwise(String name, Kernel kernel) {
    return convolution(name, channels(), kernel.groups(channels()));
  }

  /**
   * Applies a transposed convolution, which enlarges the grid; PyTorch's {@code ConvTranspose2d}.
   *
   * @param name the layer's name in the state dict
   * @param channels the number of output channels
   * @param kernel the window
   * @return the new layer
   */
  public Layer transposedConvolution(String name, int channels, Kernel kernel) {
    return then(name, new Operation.TransposedConvolution(channels, kernel), this);
  }

  /**
   * Normalizes each channel by its running statistics, with PyTorch's usual epsilon of 1e-5.
   *
   * @param name the layer's name in the state dict
   * @return the new layer
   */
  public Layer batchNorm(String name) {
    return batchNorm(name, 1e-5);
  }

  /**
   * Normalizes each channel by its running statistics.
   *
   * @param name the layer's name in the state dict
   * @param epsilon the number added to the variance
   * @return the new layer
   */
  public Layer batchNorm(String name, double epsilon) {
    return batchNorm(name, epsilon, 0.1);
  }

  /**
   * Normalizes each channel by its running statistics.
   *
   * @param name the layer's name in the state dict
   * @param epsilon the number added to the variance
   * @param momentum the share of a batch in the running statistics, for training; PyTorch's default
   *     is 0.1
   * @return the new layer
   */
  public Layer batchNorm(String name, double epsilon, double momentum) {
    return then(name, new Operation.BatchNorm(epsilon, momentum), this);
  }

  /**
   * {@return a layer with a function of each number}
   *
   * @param function the function
   */
  public Layer activation(Operation.Activation function) {
    return then("", function, this);
  }

  /** {@return a layer with 0 in place of negative numbers} */
  public Layer relu() {
    return activation(Operation.Activation.RELU);
  }

  /**
   * Applies max pooling: the largest number of each window.
   *
   * @param size the window's side
   * @param stride the distance between windows, in input nodes
   * @param padding the padding on each side, which is never the maximum
   * @return the new layer
   */
  public Layer maxPool(int size, int stride, int padding) {
    return then("", new Operation.MaxPool(window(size, stride, padding)), this);
  }

  /**
   * Applies average pooling: the mean of each window.
   *
   * @param size the window's side
   * @param stride the distance between windows, in input nodes
   * @param padding the zeros added on each side, which count toward the mean
   * @return the new layer
   */
  public Layer averagePool(int size, int stride, int padding) {
    return then("", new Operation.AveragePool(window(size, stride, padding), true), this);
  }

  private static Kernel window(int size, int stride, int padding) {
    return Kernel.of(size).stride(stride).padding(padding);
  }

  /** {@return the mean of each channel, a layer with a single node} */
  public Layer globalAveragePool() {
    return then("", new Operation.GlobalAveragePool(), this);
  }

  /**
   * Returns the mean of each cell of a coarse grid, PyTorch's {@code AdaptiveAvgPool2d}.
   *
   * @param side the side of the coarse grid
   * @return the new layer
   */
  public Layer averagePoolTo(int side) {
    return then("", new TensorOperation.AdaptiveAveragePool(side), this);
  }

  /**
   * Upsamples bilinearly by a factor.
   *
   * @param factor the factor
   * @param alignment how the nodes of the two grids are aligned
   * @return the new layer
   */
  public Layer upsample(int factor, GridAlignment alignment) {
    return then("", new Operation.Upsample(OptionalInt.of(factor), alignment), this);
  }

  /**
   * Upsamples bilinearly to the size of another layer. A single node is repeated.
   *
   * @param other the layer whose width and height to use
   * @param alignment how the nodes of the two grids are aligned
   * @return the new layer
   */
  public Layer upsampleTo(Layer other, GridAlignment alignment) {
    return then("", new Operation.Upsample(OptionalInt.empty(), alignment), this, other);
  }

  /**
   * {@return a layer with dropout, which changes something in training only}
   *
   * @param probability the probability of 0, at least 0 and below 1
   */
  public Layer dropout(double probability) {
    return then("", new Operation.Dropout(probability), this);
  }

  /**
   * Adds another layer.
   *
   * @param other a layer of the same shape; a channel or side of length 1 is repeated
   * @return the new layer
   * @throws IllegalArgumentException if the shapes do not match
   */
  public Layer plus(Layer other) {
    return then("", new TensorOperation.Add(), this, other);
  }

  /**
   * Multiplies by another layer.
   *
   * @param other a layer of the same shape; a channel or side of length 1 is repeated
   * @return the new layer
   * @throws IllegalArgumentException if the shapes do not match
   */
  public Layer times(Layer other) {
    return then("", new TensorOperation.Multiply(), this, other);
  }

  /** {@return a layer with the softmax over the channels} */
  public Layer softmax() {
    return softmax(Axis.CHANNELS);
  }

  /**
   * {@return a layer with the softmax over an axis}
   *
   * @param axis the axis along which results sum to 1
   */
  public Layer softmax(Axis axis) {
    return then("", new Operation.Softmax(axis), this);
  }

  /**
   * Applies a linear layer to the channels of each node, PyTorch's {@code Linear} with a bias.
   *
   * @param name the layer's name in the state dict
   * @param channels the number of output channels
   * @return the new layer
   */
  public Layer linear(String name, int channels) {
    return then(name, new AttentionOperation.Linear(channels), this);
  }

  /**
   * Normalizes the channels of each node, PyTorch's {@code LayerNorm}.
   *
   * @param name the layer's name in the state dict
   * @param epsilon the number added to the variance; PyTorch's default is 1e-5
   * @return the new layer
   */
  public Layer layerNorm(String name, double epsilon) {
    return then(name, new AttentionOperation.LayerNorm(epsilon), this);
  }

  /**
   * Multiplies each channel by a learned factor, as LayerScale does.
   *
   * @param name the factors' name in the state dict
   * @return the new layer
   */
  public Layer layerScale(String name) {
    return then(name, new AttentionOperation.LayerScale(), this);
  }

  /**
   * Attends to the nodes of other layers: every node of this layer, the query, becomes the mean of
   * the values' nodes, weighted by the softmax of its scalar products with their keys, over the
   * root of a head's channels. This is the scaled dot-product attention of Vaswani et al.,
   * "Attention Is All You Need" (2017).
   *
   * @param keys the keys, with as many channels as this layer
   * @param values the values, with the keys' width and height
   * @param heads the number of heads, which attend separately, each with successive channels
   * @return the new layer, with this layer's width and height and the values' channels
   * @throws IllegalArgumentException if the shapes do not fit or the channels cannot be divided
   *     among the heads
   */
  public Layer attention(Layer keys, Layer values, int heads) {
    if (heads < 1 || channels() % heads != 0 || values.channels() % heads != 0) {
      throw new IllegalArgumentException(
          "the channels, %d of the queries and %d of the values, cannot be divided among %d heads"
              .formatted(channels(), values.channels(), heads));
    }
    if (keys.channels() != channels()) {
      throw new IllegalArgumentException(
          "keys need the %d channels of the queries, found %d"
              .formatted(channels(), keys.channels()));
    }
    float factor = (float) (1 / Math.sqrt(channels() / (double) heads));
    Layer queries = apply("", new AttentionOperation.Scale(factor)).heads(heads).transpose();
    Layer shares = queries.matrixProduct(keys.heads(heads)).softmax(Axis.WIDTH);
    Layer means = values.heads(heads).matrixProduct(shares.transpose());
    return means.apply("", new AttentionOperation.JoinHeads(values.channels()), this);
  }

  private Layer heads(int heads) {
    return apply("", new AttentionOperation.SplitHeads(heads, channels() / heads));
  }

  /** {@return a layer with rows and columns exchanged} */
  public Layer transpose() {
    return apply("", new AttentionOperation.Permute(Axis.CHANNELS, Axis.WIDTH, Axis.HEIGHT));
  }

  /**
   * Multiplies matrices, one for each channel.
   *
   * @param other a layer of as many channels, as high as this one is wide
   * @return the new layer, as high as this one and as wide as the other
   * @throws IllegalArgumentException if the shapes do not match
   */
  public Layer matrixProduct(Layer other) {
    return then("", new AttentionOperation.MatrixProduct(), this, other);
  }

  /** {@return the index of the channel with the largest number, a layer with one channel} */
  public Layer argMax() {
    return then("", new Operation.ArgMax(), this);
  }

  /**
   * Adds numbers of the network itself.
   *
   * @param name the layer's name in the state dict
   * @param shape their shape
   * @return a layer without inputs that belongs to the same network as this one
   */
  public Layer constant(String name, Shape shape) {
    return then(name, new TensorOperation.Constant(shape));
  }

  /**
   * Applies any operation, such as one that has no method of its own here.
   *
   * @param name the layer's name in the state dict; empty if the operation has no parameters
   * @param operation the operation
   * @param others the operation's inputs after this layer
   * @return the new layer
   * @throws IllegalArgumentException if the inputs do not fit the operation or each other
   */
  public Layer apply(String name, Operation operation, Layer... others) {
    Layer[] all = new Layer[others.length + 1];
    all[0] = this;
    System.arraycopy(others, 0, all, 1, others.length);
    return then(name, operation, all);
  }

  private Layer then(String name, Operation operation, Layer... inputs) {
    for (Layer input : inputs) {
      if (!input.spec.equals(spec)) {
        throw new IllegalArgumentException(
            "%s and %s belong to two networks".formatted(this, input));
      }
    }
    List<Layer> from = List.of(inputs);
    List<Shape> results = new ArrayList<>();
    List<Shape> sizes = Shape.probes(spec.size());
    for (int i = 0; i < sizes.size(); i++) {
      int probe = i;
      List<Shape> given = from.stream().map(input -> input.shapes.get(probe)).toList();
      try {
        results.add(operation.shape(given));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "%s after %s, for an input of %d x %d: %s"
                .formatted(
                    describe(name, operation),
                    from,
                    sizes.get(i).width(),
                    sizes.get(i).height(),
                    e.getMessage()),
            e);
      }
    }
    Layer layer = new Layer(name, operation, from, spec, List.copyOf(results));
    if (name.isEmpty() && !layer.parameters().isEmpty()) {
      throw new IllegalArgumentException(
          "%s after %s has parameters, so it needs the name that they have in the state dict"
              .formatted(layer, from));
    }
    return layer;
  }

  /** {@return the layer's name in the state dict; empty for layers without parameters} */
  public String name() {
    return name;
  }

  /** {@return what the layer computes} */
  public Operation operation() {
    return operation;
  }

  /** {@return the layers whose results are the operation's inputs} */
  public List<Layer> inputs() {
    return inputs;
  }

  /** {@return the number of output channels, which is the same for every input} */
  public int channels() {
    return shapes.get(0).channels();
  }

  /** {@return the layer's parameters, in the order of PyTorch's state dict} */
  public List<Parameter> parameters() {
    return operation.parameters(name, (inputs.isEmpty() ? this : inputs.get(0)).shapes.get(0));
  }

  /**
   * Returns how many times wider and higher this layer is than another, if that is the same whole
   * number for every input size.
   *
   * @param other the other layer
   * @return the factor, or empty if there is none
   */
  public OptionalInt factorOf(Layer other) {
    return Shape.factor(shapes, other.shapes);
  }

  /**
   * Returns the stride of this layer's grid in input pixels.
   *
   * @return the stride; every side is the input's side divided by it, rounded up
   * @throws IllegalArgumentException if the layer has no constant stride
   */
  public int stride() {
    int stride = strideOfFirst();
    firstWithout(stride)
        .ifPresent(
            i -> {
              throw new IllegalArgumentException(
                  "%s has no constant stride: its output is %s for an input of %s"
                      .formatted(this, shapes.get(i), Shape.probes(spec.size()).get(i)));
            });
    return stride;
  }

  /** {@return whether the layer has a constant {@linkplain #stride() stride}} */
  public boolean hasStride() {
    return firstWithout(strideOfFirst()).isEmpty();
  }

  private int strideOfFirst() {
    return shapes.get(0).strideIn(Shape.probes(spec.size()).get(0));
  }

  /** The first size that is checked for which the layer does not have the stride. */
  private OptionalInt firstWithout(int stride) {
    List<Shape> sizes = Shape.probes(spec.size());
    return IntStream.range(0, sizes.size())
        .filter(i -> !shapes.get(i).follows(sizes.get(i), stride))
        .findFirst();
  }

  /** {@return whether the layer has one node per channel for every input size} */
  public boolean isSingleNode() {
    return shapes.stream().allMatch(Shape::isSingleNode);
  }

  InputSpec spec() {
    return spec;
  }

  private static String describe(String name, Operation operation) {
    String kind =
        operation instanceof Operation.Activation activation
            ? activation.name().toLowerCase(Locale.ROOT).replace('_', ' ')
            : operation.getClass().getSimpleName();
    return name.isEmpty() ? kind : kind + " " + name;
  }

  /** The kind of operation and the name. */
  @Override
  public String toString() {
    return describe(name, operation);
  }
}
