package io.github.pixelwise.quantization;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What operators of a graph can do with 8-bit numbers in ONNX Runtime, which replaces an operator
 * between DequantizeLinear and QuantizeLinear by one on integers if it has one (see
 * onnxruntime/core/optimizer/qdq_transformer).
 *
 * @param graph the graph
 */
record Operators(Graph graph) {
  /** Whose result has the steps of its first input. */
  private static final Set<String> MOVES =
      Set.of(
          "MaxPool", "Resize", "Reshape", "Transpose", "Flatten", "Squeeze", "Unsqueeze", "Slice");

  /** Whose tensors each have steps of their own. */
  private static final Set<String> MIXES = Set.of("Add", "Mul", "Concat", "AveragePool");

  /** Whose results have one pixel. */
  private static final Set<String> POOLS = Set.of("GlobalAveragePool", "ReduceMean");

  /** Whose results may have more pixels than what comes in. */
  private static final Set<String> ENLARGES = Set.of("Resize", "Upsample", "Expand", "Tile");

  /**
   * A node with weights.
   *
   * @param node the node
   * @param weights its weights
   * @param axis the axis of the weights' output channels
   * @param bias what it adds to each channel, if it does
   * @param result its result, or that of the rectifiers that alone read it
   * @param computes whether ONNX Runtime can compute it in integers; otherwise only its weights are
   *     stored in 8 bits
   * @param quantizesResult whether its result must be quantized for that
   */
  record Weighted(
      NodeProto node,
      TensorProto weights,
      int axis,
      Optional<TensorProto> bias,
      String result,
      boolean computes,
      boolean quantizesResult) {
    String input() {
      return node.getInput(0);
    }

    /** How many weights it has. */
    long size() {
      return weights.getDimsList().stream().reduce(1L, Math::multiplyExact);
    }

    /** The same node in float, with its weights in 8 bits. */
    Weighted inFloat() {
      return new Weighted(node, weights, axis, Optional.empty(), result, false, false);
    }

    /** Whether this is a convolution that ONNX Runtime computes in integers. */
    boolean isConvolution() {
      return computes && node.getOpType().equals("Conv");
    }

    /**
     * Whether sums are made by ONNX Runtime's matrix products, which add products in pairs, not by
     * its kernel for depthwise convolutions.
     */
    boolean isMatrixProduct() {
      return !(isConvolution()
          && weights.getDims(1) == 1
          && Graph.whole(node, "group", 1) == weights.getDims(0));
    }

    /** How many channels a convolution's input has. */
    int inputChannels() {
      return Math.toIntExact(weights.getDims(1) * Graph.whole(node, "group", 1));
    }
  }

  /** The tensors of one pixel: global means, and what is computed from these alone. */
  Set<String> pooled() {
    Set<String> pooled = new HashSet<>();
    for (NodeProto node : graph.nodes()) {
      List<String> variable =
          node.getInputList().stream()
              .filter(input -> !input.isEmpty() && !graph.isConstant(input))
              .toList();
      boolean computes =
          !variable.isEmpty()
              && pooled.containsAll(variable)
              && !ENLARGES.contains(node.getOpType());
      if (computes || POOLS.contains(node.getOpType())) {
        pooled.addAll(node.getOutputList());
      }
    }
    return pooled;
  }

  /** What a node does with its weights; empty if it has none that are constant. */
  Optional<Weighted> weighted(NodeProto node) {
    Optional<TensorProto> weights = graph.floats(Graph.input(node, 1));
    if (weights.isEmpty() || !isOnnx(node) || graph.isConstant(Graph.input(node, 0))) {
      return Optional.empty();
    }
    int rank = weights.get().getDimsCount();
    String biasName = Graph.input(node, 2);
    Optional<TensorProto> bias = graph.floats(biasName).filter(b -> b.getDimsCount() == 1);
    String result = rectified(node);
    boolean knowsBias = biasName.isEmpty() || bias.isPresent();
    return switch (node.getOpType()) {
      case "Conv" ->
          Optional.of(new Weighted(node, weights.get(), 0, bias, result, knowsBias, true));
      case "ConvTranspose" ->
          Optional.of(new Weighted(node, weights.get(), 1, Optional.empty(), result, false, false));
      case "MatMul" ->
          rank == 2
              ? Optional.of(
                  new Weighted(node, weights.get(), 1, Optional.empty(), result, true, false))
              : Optional.empty();
      case "Gemm" -> {
        boolean isPlain =
            knowsBias
                && Graph.number(node, "alpha", 1) == 1
                && Graph.number(node, "beta", 1) == 1
                && Graph.whole(node, "transA", 0) == 0;
        int axis = Graph.whole(node, "transB", 0) == 1 ? 0 : 1;
        boolean addsToEach =
            bias.stream().allMatch(b -> b.getDims(0) == weights.get().getDims(axis));
        yield Optional.of(
            new Weighted(node, weights.get(), axis, bias, result, isPlain && addsToEach, false));
      }
      default -> Optional.empty();
    };
  }

  /** Whether a node can take quantized tensors and give them on. */
  boolean passes(NodeProto node) {
    return moves(node) || isRectifier(node) || mixes(node);
  }

  /** Whether a node's result has the steps of its input. */
  boolean moves(NodeProto node) {
    return isOnnx(node)
        && MOVES.contains(node.getOpType())
        && node.getOutputCount() == 1 // MaxPool also has indices
        && !mode(node).equals("cubic");
  }

  /**
   * Whether a node that can take quantized tensors should, if some are there already. A product
   * with a gate should not: the gate would have to be rounded for it.
   *
   * @param made the quantized results of other nodes
   */
  boolean gainsFrom(NodeProto node, Set<String> made) {
    return multiplies(node)
        ? made.containsAll(tensors(node))
        : tensors(node).stream().anyMatch(made::contains);
  }

  boolean multiplies(NodeProto node) {
    return isOnnx(node) && node.getOpType().equals("Mul");
  }

  private boolean mixes(NodeProto node) {
    return isOnnx(node)
        && MIXES.contains(node.getOpType())
        && tensors(node).stream().noneMatch(graph::isConstant);
  }

  /** Whether a node only cuts off values, which a range that begins at zero does too. */
  boolean isRectifier(NodeProto node) {
    return isOnnx(node)
        && (node.getOpType().equals("Relu")
            || (node.getOpType().equals("Clip") && clipsAtZero(node)));
  }

  private boolean clipsAtZero(NodeProto node) {
    Optional<TensorProto> low = graph.floats(Graph.input(node, 1));
    return low.isPresent()
        ? OnnxTensors.floats(low.get())[0] == 0
        : node.getInputCount() == 1 && Graph.number(node, "min", -1) == 0;
  }

  /** The inputs of a node that are quantized if it is, without sizes and limits. */
  List<String> tensors(NodeProto node) {
    return switch (node.getOpType()) {
      case "Add", "Mul", "Concat" -> node.getInputList();
      default -> List.of(node.getInput(0));
    };
  }

  /** The result of a node, or of the rectifiers that alone read it. */
  String rectified(NodeProto node) {
    String result = node.getOutput(0);
    Optional<NodeProto> reader = graph.onlyReader(result);
    return reader.isPresent() && isRectifier(reader.get()) ? rectified(reader.get()) : result;
  }

  /**
   * The value below which differences between a tensor's values do not matter: HardSwish is 0 for
   * all of them. ONNX Runtime writes it as {@code x * HardSigmoid(x)}.
   */
  Optional<Float> floor(String tensor) {
    List<NodeProto> readers = graph.readers(tensor);
    Optional<NodeProto> gate =
        readers.stream()
            .filter(reader -> isOnnx(reader) && reader.getOpType().equals("HardSigmoid"))
            .findFirst();
    boolean isHardSwish =
        gate.flatMap(g -> graph.onlyReader(g.getOutput(0)))
            .filter(product -> multiplies(product) && readers.contains(product))
            .isPresent();
    if (!isHardSwish || readers.size() != 2 || graph.isOutput(tensor)) {
      return Optional.empty();
    }
    float alpha = Graph.number(gate.get(), "alpha", 0.2f);
    float beta = Graph.number(gate.get(), "beta", 0.5f);
    return alpha > 0 ? Optional.of(-beta / alpha) : Optional.empty();
  }

  private static String mode(NodeProto node) {
    return Graph.attribute(node, "mode")
        .map(AttributeProto::getS)
        .map(text -> text.toStringUtf8())
        .orElse("");
  }

  private static boolean isOnnx(NodeProto node) {
    return node.getDomain().isEmpty() || node.getDomain().equals("ai.onnx");
  }
}
