package io.github.pixelwise.quantization;

import ai.onnx.proto.OnnxMl.NodeProto;
import io.github.pixelwise.quantization.Operators.Weighted;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which nodes compute in integers, and which tensors are quantized for that.
 *
 * <p>Nodes with weights do, except the first ones and the last convolutions. What is rounded at
 * first goes through the whole network, and two classes whose scores are rounded to the same step
 * would be a tie. Nodes without weights do if a quantized tensor comes in and another node with
 * weights follows: the way from the last weights to the scores stays float, and so do the parts of
 * a network between tensors that are not quantized anyway, such as a transformer's sums. Tensors of
 * one pixel stay float too: they cost no time, and their rounding would change all pixels of a
 * photo in the same direction.
 */
final class Placement {
  private final Map<NodeProto, Weighted> weighted = new LinkedHashMap<>();
  private final Map<NodeProto, String> passing = new HashMap<>();

  /** The results of nodes that compute in integers. */
  private final Set<String> made = new HashSet<>();

  /** Quantized tensors, each with the one whose steps it has, in the order of the nodes. */
  private final Map<String, String> tensors = new LinkedHashMap<>();

  private final Map<String, Float> floors = new HashMap<>();

  /** How many weights the network has. */
  private long weights;

  private Placement() {}

  /**
   * Decides what computes in integers.
   *
   * @param first how many nodes with weights, one after the other, stay in float at the beginning
   */
  static Placement of(Graph graph, int first) {
    Operators operators = new Operators(graph);
    Map<String, Integer> depths = depths(graph, operators);
    Placement placement = new Placement();
    Set<String> inner = inner(graph, operators);
    Set<String> pooled = operators.pooled();
    for (NodeProto node : graph.nodes()) {
      Optional<Weighted> own = operators.weighted(node);
      placement.weights += own.map(Weighted::size).orElse(0L);
      own.filter(w -> depths.getOrDefault(w.input(), 0) >= first)
          .filter(w -> !w.quantizesResult() || inner.contains(node.getOutput(0)))
          .map(w -> pooled.contains(w.input()) ? w.inFloat() : w)
          .ifPresent(w -> placement.weighted.put(node, w));
    }
    Set<String> wanted = placement.wanted(graph, operators);
    for (NodeProto node : graph.nodes()) {
      boolean isInteger =
          placement.weighted(node).filter(w -> w.computes() && w.quantizesResult()).isPresent();
      boolean passes =
          !placement.made.contains(
                  node.getOutput(0)) // not a rectifier that the node before includes
              && operators.passes(node)
              && wanted.contains(node.getOutput(0))
              && operators.gainsFrom(node, placement.made);
      if (passes) {
        placement.passing.put(node, result(operators, node));
      }
      if (isInteger || passes) {
        placement.made.add(result(operators, node));
      }
    }
    placement.addTensors(graph, operators);
    for (String tensor : placement.tensors.values()) {
      operators.floor(tensor).ifPresent(floor -> placement.floors.put(tensor, floor));
    }
    return placement;
  }

  /** The most nodes with weights on any path to each tensor, other than to its size. */
  private static Map<String, Integer> depths(Graph graph, Operators operators) {
    Map<String, Integer> depths = new HashMap<>();
    for (NodeProto node : graph.nodes()) {
      Set<String> read = new HashSet<>();
      Graph.addRead(node, read);
      read.remove(""); // stands for an input that is left out
      if (node.getOpType().equals("Shape")) {
        read.clear();
      }
      int before = read.stream().mapToInt(tensor -> depths.getOrDefault(tensor, 0)).max().orElse(0);
      int own = operators.weighted(node).isPresent() ? 1 : 0;
      node.getOutputList().forEach(result -> depths.put(result, before + own));
    }
    return depths;
  }

  /** The tensors from which a way leads to a node with weights, other than by their sizes. */
  private static Set<String> inner(Graph graph, Operators operators) {
    Set<String> inner = new HashSet<>();
    for (int i = graph.nodes().size() - 1; i >= 0; i--) {
      NodeProto node = graph.nodes().get(i);
      boolean leads =
          operators.weighted(node).isPresent()
              || node.getOutputList().stream().anyMatch(inner::contains);
      if (leads && !node.getOpType().equals("Shape")) {
        inner.addAll(node.getInputList());
      }
    }
    return inner;
  }

  private static String result(Operators operators, NodeProto node) {
    return operators.moves(node) ? node.getOutput(0) : operators.rectified(node);
  }

  /** The tensors on a way to a node that computes in integers. */
  private Set<String> wanted(Graph graph, Operators operators) {
    Set<String> wanted = new HashSet<>();
    weighted.values().stream().filter(Weighted::computes).map(Weighted::input).forEach(wanted::add);
    for (int i = graph.nodes().size() - 1; i >= 0; i--) {
      NodeProto node = graph.nodes().get(i);
      if (operators.passes(node) && wanted.contains(node.getOutput(0))) {
        wanted.addAll(operators.tensors(node));
      }
    }
    return wanted;
  }

  private void addTensors(Graph graph, Operators operators) {
    for (NodeProto node : graph.nodes()) {
      Optional<Weighted> own = weighted(node).filter(Weighted::computes);
      own.map(Weighted::input).ifPresent(this::add);
      own.filter(Weighted::quantizesResult).map(Weighted::result).ifPresent(this::add);
      String result = passing.get(node);
      if (result != null) {
        operators.tensors(node).forEach(this::add);
        if (operators.moves(node)) {
          tensors.put(result, steps(node.getInput(0)));
        } else {
          add(result);
        }
      }
    }
  }

  private void add(String tensor) {
    tensors.putIfAbsent(tensor, tensor);
  }

  /** The share of the weights that nodes in integers have, 0 to 1. */
  double share() {
    long inIntegers =
        weighted.values().stream().filter(Weighted::computes).mapToLong(Weighted::size).sum();
    return weights == 0 ? 0 : (double) inIntegers / weights;
  }

  /** The nodes with weights whose weights are stored in bytes. */
  Collection<Weighted> weighted() {
    return weighted.values();
  }

  /** What a node does with its weights; empty if they are left alone. */
  Optional<Weighted> weighted(NodeProto node) {
    return Optional.ofNullable(weighted.get(node));
  }

  /** The result of a node without weights that computes in integers; empty for others. */
  Optional<String> passed(NodeProto node) {
    return Optional.ofNullable(passing.get(node));
  }

  /** Whether a tensor is the result of a node that computes in integers. */
  boolean isMade(String tensor) {
    return made.contains(tensor);
  }

  /** Whether a node computes in integers. */
  boolean isInteger(NodeProto node) {
    return passing.containsKey(node) || weighted(node).filter(Weighted::computes).isPresent();
  }

  /** The value below which differences between a tensor's values do not matter. */
  float floor(String tensor) {
    return floors.getOrDefault(tensor, Float.NEGATIVE_INFINITY);
  }

  /** The quantized tensors, in the order of the nodes. */
  Collection<String> tensors() {
    return tensors.keySet();
  }

  /** The tensor whose steps a quantized tensor has. */
  String steps(String tensor) {
    return tensors.getOrDefault(tensor, tensor);
  }

  /** The inputs of convolutions in integers, and how many channels each has. */
  Map<String, Integer> inputChannels() {
    Map<String, Integer> channels = new LinkedHashMap<>();
    weighted.values().stream()
        .filter(Weighted::isConvolution)
        .forEach(w -> channels.put(w.input(), w.inputChannels()));
    return channels;
  }

  /** The tensors whose ranges, or whose channels' means, must be known. */
  Set<String> calibrated() {
    Set<String> calibrated = new LinkedHashSet<>(tensors.values());
    calibrated.addAll(inputChannels().keySet());
    return calibrated;
  }
}
