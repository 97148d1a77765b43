package io.github.pixelwise.network.convert;

import io.github.pixelwise.model.GridAlignment;
import io.github.pixelwise.model.OutputKind;
import io.github.pixelwise.model.OutputSpec;
import io.github.pixelwise.model.SizeRule;
import io.github.pixelwise.network.AttentionOperation;
import io.github.pixelwise.network.Kernel;
import io.github.pixelwise.network.Layer;
import io.github.pixelwise.network.Network;
import io.github.pixelwise.network.Operation;
import io.github.pixelwise.network.Shape;
import io.github.pixelwise.network.TensorOperation;
import io.github.pixelwise.network.Weights;
import io.github.pixelwise.network.internal.Endings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Turns a network into a program. The changes affect results only by rounding:
 *
 * <ul>
 *   <li>dropout is left out;
 *   <li>batch norm and layer scale are folded into the preceding convolution;
 *   <li>linear layers are 1 x 1 convolutions;
 *   <li>upsampling whose factor is the same whole number for every input size gets that factor;
 *   <li>if repeated single nodes are concatenated with a grid and convolved by 1 x 1, each is
 *       convolved alone before it is repeated, and the results are added; where batch norm follows,
 *       so are other upsampled parts, and 1 x 1 convolutions just before are merged;
 *   <li>if the only channel's sigmoid is the probability of a class, a channel of zeros is put
 *       before it, so that it decodes like any other number of classes (1 minus the probability, if
 *       the sigmoid is followed by a resize);
 *   <li>a 1 x 1 convolution that reduces channels moves before a preceding upsampling.
 * </ul>
 */
final class Lowering {
  private final Network network;
  private final Weights weights;
  private final Map<Layer, Integer> uses = new HashMap<>();
  private final Map<Layer, String> values = new HashMap<>();
  private final List<Step> steps = new ArrayList<>();

  private Lowering(Network network, Weights weights) {
    this.network = network;
    this.weights = weights;
    network.layers().stream()
        .flatMap(layer -> layer.inputs().stream())
        .forEach(layer -> uses.merge(layer, 1, Integer::sum));
  }

  static Program of(Network network, Weights weights, Scores scores) {
    Layer end = scores(network);
    Scores wanted = end == network.output() ? scores : Scores.CATEGORIES;
    if (end.channels() == 1 && end.operation() == Operation.Activation.SIGMOID) {
      end = end.inputs().get(0);
    }
    GridAlignment alignment = GridAlignment.HALF_PIXEL;
    // Scores upsampled only partway would decode differently without that upsampling.
    boolean atInputSize = end.factorOf(network.image()).equals(OptionalInt.of(1));
    Optional<GridAlignment> enlarged = interpolation(end);
    if (wanted == Scores.GRID && atInputSize && enlarged.isPresent()) {
      end = end.inputs().get(0);
      alignment = enlarged.get();
    }
    Operation last = Endings.beneathResizes(end).operation();
    boolean probable = last instanceof Operation.Softmax || last == Operation.Activation.SIGMOID;
    OutputKind kind = probable ? OutputKind.PROBABILITIES : OutputKind.LOGITS;
    if (wanted == Scores.CATEGORIES) {
      kind = OutputKind.CATEGORIES;
    }
    String name = kind == OutputKind.LOGITS ? "scores" : kind.name().toLowerCase(Locale.ROOT);
    OutputSpec output =
        OutputSpec.logits(name, end.stride()).withKind(kind).withAlignment(alignment);
    // Leaves out the layers that only auxiliary outputs need.
    return new Lowering(Network.of(network.name(), end), weights).program(output, probable);
  }

  /**
   * How a layer interpolates its input, if it does what decoding can do instead: cards give the
   * grid's size as a stride.
   */
  private static Optional<GridAlignment> interpolation(Layer layer) {
    if (layer.inputs().isEmpty() || !layer.inputs().get(0).hasStride()) {
      return Optional.empty();
    }
    if (layer.operation() instanceof Operation.Upsample upsample) {
      return Optional.of(upsample.alignment());
    }
    if (layer.operation() instanceof TensorOperation.Resize resize) {
      return switch (resize.sampling()) {
        case HALF_PIXEL -> Optional.of(GridAlignment.HALF_PIXEL);
        case ALIGNED_CORNERS -> Optional.of(GridAlignment.ALIGNED_CORNERS);
        case NEAREST -> Optional.empty();
      };
    }
    return Optional.empty();
  }

  /** The scores: the output, or its input if it is an arg-max. */
  private static Layer scores(Network network) {
    Layer output = network.output();
    return output.operation() instanceof Operation.ArgMax ? output.inputs().get(0) : output;
  }

  /**
   * The number of classes for a number of channels. A single channel separates one class from the
   * rest.
   */
  static int classes(Network network) {
    return Math.max(2, scores(network).channels());
  }

  private Program program(OutputSpec output, boolean probable) {
    String result = value(network.output());
    if (network.output().channels() == 1) {
      // The softmax of 0 and x is the sigmoid of x, and still is after interpolation. What is a
      // probability p already becomes 1 - p and p.
      float[] factors = probable ? new float[] {-1, 1} : new float[] {0, 1};
      Constant weight = new Constant("rest.weight", List.of(2, 1, 1, 1), () -> factors);
      Constant bias =
          new Constant("rest.bias", List.of(2), () -> new float[] {probable ? 1 : 0, 0});
      result =
          add(
              new Operation.Convolution(2, probable ? Kernel.of(1).withBias() : Kernel.of(1)),
              List.of(result),
              probable ? List.of(weight, bias) : List.of(weight));
    }
    if (output.kind() == OutputKind.CATEGORIES) {
      result = add(new Operation.ArgMax(), List.of(result), List.of());
    }
    Step last = steps.remove(steps.size() - 1);
    steps.add(new Step(output.name(), last.operation(), last.inputs(), last.constants()));
    return new Program(
        network.name(),
        network.input(),
        network.image().channels(),
        output,
        classes(network),
        List.copyOf(steps),
        shapes());
  }

  private Map<String, Shape> shapes() {
    SizeRule size = network.input().size();
    if (size.kind() != SizeRule.Kind.FIXED) {
      return Map.of();
    }
    Map<String, Shape> shapes = new HashMap<>();
    shapes.put(
        network.input().name(), new Shape(network.image().channels(), size.width(), size.height()));
    for (Step step : steps) {
      List<Shape> inputs =
          step.inputs().stream().map(name -> Objects.requireNonNull(shapes.get(name))).toList();
      shapes.put(step.result(), step.operation().shape(inputs));
    }
    return Map.copyOf(shapes);
  }

  /** Adds the steps that compute a layer, and returns the name of its result. */
  private String value(Layer layer) {
    String known = values.get(layer);
    if (known == null) {
      known = compute(layer);
      values.put(layer, known);
    }
    return known;
  }

  private String compute(Layer layer) {
    Operation operation = layer.operation();
    if (operation instanceof Operation.Input) {
      return network.input().name();
    }
    if (ChannelFactors.areOf(layer)) {
      Layer before = layer.inputs().get(0);
      return FoldedConvolution.isConvolution(before) && usedOnce(before)
          ? convolved(new FoldedConvolution(before, layer, weights))
          : normalized(layer);
    }
    if (FoldedConvolution.isConvolution(layer)) {
      return convolved(new FoldedConvolution(layer, null, weights));
    }
    if (operation instanceof Operation.Dropout) {
      return value(layer.inputs().get(0));
    }
    if (operation instanceof Operation.Upsample) {
      return upsampled(value(layer.inputs().get(0)), layer);
    }
    if (operation instanceof TensorOperation.Constant) {
      Constant numbers = constants(layer).get(0);
      steps.add(new Step(numbers.name(), operation, List.of(), List.of(numbers)));
      return numbers.name();
    }
    // A loop, because a stream would take much more of the stack for each of many layers in a row.
    List<String> inputs = new ArrayList<>();
    for (Layer input : layer.inputs()) {
      inputs.add(value(input));
    }
    return add(operation, List.copyOf(inputs), constants(layer));
  }

  private List<Constant> constants(Layer layer) {
    boolean perChannel = layer.operation() instanceof TensorOperation.PRelu;
    return layer.parameters().stream()
        .map(
            parameter ->
                new Constant(
                    parameter.name(),
                    perChannel ? List.of(layer.channels(), 1, 1) : parameter.shape(),
                    () -> weights.values(parameter.name())))
        .toList();
  }

  private boolean usedOnce(Layer layer) {
    return uses.getOrDefault(layer, 0) == 1;
  }

  /**
   * Batch norm or layer scale that does not follow a convolution, as a convolution with one weight
   * per channel.
   */
  private String normalized(Layer norm) {
    int channels = norm.channels();
    float[] ones = new float[channels];
    Arrays.fill(ones, 1);
    Constant factors =
        new Constant(
            norm.name() + ".factors",
            List.of(channels, 1, 1, 1),
            () -> ChannelFactors.of(norm, weights).multiply(ones.clone(), 1));
    Constant summands =
        new Constant(
            norm.name() + ".summands",
            List.of(channels),
            () -> ChannelFactors.of(norm, weights).apply(new float[channels]));
    return add(
        new Operation.Convolution(channels, Kernel.of(1).groups(channels).withBias()),
        List.of(value(norm.inputs().get(0))),
        List.of(factors, summands));
  }

  private String convolved(FoldedConvolution convolution) {
    Layer before = convolution.layer().inputs().get(0);
    if (isPointwise(convolution.layer()) && usedOnce(before)) {
      if (before.operation() instanceof TensorOperation.Concatenate) {
        List<Part> parts = parts(convolution, before);
        if (parts.stream().anyMatch(Part::isApart) && parts.stream().anyMatch(Part::isGrid)) {
          return convolvedApart(convolution, parts);
        }
      }
      if (before.operation() instanceof Operation.Upsample
          && convolution.layer().channels() < before.channels()) {
        return upsampled(convolved(convolution, before.inputs().get(0)), before);
      }
    }
    return convolved(convolution, before);
  }

  private String convolved(FoldedConvolution convolution, Layer from) {
    return add(convolution.operation(), List.of(value(from)), convolution.constants());
  }

  /** Whether each node's result depends only on that node. */
  private static boolean isPointwise(Layer layer) {
    return layer.operation() instanceof AttentionOperation.Linear
        || (layer.operation() instanceof Operation.Convolution convolution
            && convolution.kernel().withBias().equals(Kernel.of(1).withBias()));
  }

  private static boolean isRepeatedNode(Layer layer) {
    boolean enlarges =
        layer.operation() instanceof Operation.Upsample
            || layer.operation() instanceof TensorOperation.Resize;
    return enlarges && layer.inputs().get(0).isSingleNode();
  }

  /**
   * One of several concatenated layers that are convolved by 1 x 1.
   *
   * @param layer the layer
   * @param channels its channels
   * @param early whether it is upsampled, and convolved before that
   * @param merged whether what is convolved is the result of a 1 x 1 convolution, which is merged
   */
  private record Part(
      Layer layer, FoldedConvolution.Channels channels, boolean early, boolean merged) {
    /** What is convolved. */
    Layer source() {
      return early ? layer.inputs().get(0) : layer;
    }

    /** Whether it is convolved on its own. */
    boolean isApart() {
      return early || merged;
    }

    /** Whether its result has the grid of the concatenation, and not a single node. */
    boolean isGrid() {
      return !early || !source().isSingleNode();
    }
  }

  /**
   * Divides a concatenation. Only where batch norm is folded anyway is more than a single node
   * convolved early or merged: other weights can be read back, as {@link ConvertedWeights} does.
   */
  private List<Part> parts(FoldedConvolution convolution, Layer concatenation) {
    List<Part> parts = new ArrayList<>();
    int outputs = convolution.layer().channels();
    boolean folded = convolution.norm() != null;
    int start = 0;
    for (Layer layer : concatenation.inputs()) {
      boolean upsampled =
          folded
              && layer.operation() instanceof Operation.Upsample
              && usedOnce(layer)
              && outputs <= layer.channels();
      boolean early = upsampled || isRepeatedNode(layer);
      Layer source = early ? layer.inputs().get(0) : layer;
      boolean merged =
          folded && isPointwise(source) && usedOnce(source) && isLessMerged(source, outputs);
      var channels = new FoldedConvolution.Channels(start, layer.channels());
      parts.add(new Part(layer, channels, early, merged));
      start += layer.channels();
    }
    return parts;
  }

  /** Whether one 1 x 1 convolution is less work than two. */
  private static boolean isLessMerged(Layer first, int outputs) {
    long inputs = first.inputs().get(0).channels();
    return inputs * outputs <= inputs * first.channels() + (long) first.channels() * outputs;
  }

  /**
   * Splits a 1 x 1 convolution of a concatenation into a sum of convolutions: one of all parts that
   * are left as they are, if any, and one of each other part.
   */
  private String convolvedApart(FoldedConvolution convolution, List<Part> parts) {
    List<Part> joined = parts.stream().filter(part -> !part.isApart()).toList();
    String sum = "";
    if (!joined.isEmpty()) {
      List<String> grids = new ArrayList<>();
      joined.forEach(part -> grids.add(value(part.layer())));
      String all =
          grids.size() == 1
              ? grids.get(0)
              : add(new TensorOperation.Concatenate(), List.copyOf(grids), List.of());
      List<FoldedConvolution.Channels> channels = joined.stream().map(Part::channels).toList();
      sum = add(convolution.operation(), List.of(all), convolution.constants(channels));
    }
    // A single node is added to a grid, so it cannot come first.
    List<Part> others =
        parts.stream()
            .filter(Part::isApart)
            .sorted(Comparator.comparing(part -> !part.isGrid()))
            .toList();
    for (Part part : others) {
      String summand = convolvedAlone(convolution, part, sum.isEmpty());
      sum =
          sum.isEmpty()
              ? summand
              : add(new TensorOperation.Add(), List.of(sum, summand), List.of());
    }
    return sum;
  }

  /**
   * Convolves one part of a concatenation. A single node is not repeated: adding does that.
   *
   * @param biased whether the convolution's bias is added
   */
  private String convolvedAlone(FoldedConvolution convolution, Part part, boolean biased) {
    List<Constant> constants =
        part.merged()
            ? convolution.after(part.source(), part.channels(), biased)
            : convolution.alone(part.channels(), biased);
    Layer input = part.merged() ? part.source().inputs().get(0) : part.source();
    Kernel kernel = constants.size() > 1 ? Kernel.of(1).withBias() : Kernel.of(1);
    String result =
        add(
            new Operation.Convolution(convolution.layer().channels(), kernel),
            List.of(value(input)),
            constants);
    return part.early() && part.isGrid() ? upsampled(result, part.layer()) : result;
  }

  /** Upsamples to the size of an upsampling layer. */
  private String upsampled(String from, Layer layer) {
    OptionalInt factor = layer.factorOf(layer.inputs().get(0));
    var operation =
        new Operation.Upsample(factor, ((Operation.Upsample) layer.operation()).alignment());
    return add(
        operation,
        factor.isPresent() ? List.of(from) : List.of(from, value(layer.inputs().get(1))),
        List.of());
  }

  private String add(Operation operation, List<String> inputs, List<Constant> constants) {
    String name = "v" + steps.size();
    steps.add(new Step(name, operation, inputs, constants));
    return name;
  }
}
