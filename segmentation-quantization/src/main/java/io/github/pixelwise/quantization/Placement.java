package io.github.pixelwise.quantization;

import ai.onnx.proto.OnnxMl.NodeProto;
import io.github.pixelwise.quantization.Operators.Weighted;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which nodes compute in integers, and which tensors are quantized for that.
 *
 * <p>Nodes with weights do, except the last convolutions: two classes whose scores are rounded to
 * the same step would be a tie. Nodes without weights do if a quantized tensor comes in and another
 * node with weights follows: the way from the last weights to the scores stays float, and so do the
 * parts of a network between tensors that are not quantized anyway, such as a transformer's sums.
 */
final class Placement {
  private final List<Weighted> weighted = new ArrayList<>();

  /** Quantized tensors, each with the one whose steps it has, in the order of the nodes. */
  private final Map<String, String> tensors = new LinkedHashMap<>();

  private Placement() {}

  static Placement of(Graph graph) {
    Operators operators = new Operators(graph);
    Placement placement = new Placement();
    Set<String> inner = inner(graph, operators);
    for (NodeProto node : graph.nodes()) {
      operators
          .weighted(node)
          .filter(w -> !w.quantizesResult() || inner.contains(node.getOutput(0)))
          .ifPresent(placement.weighted::add);
    }
    Set<String> wanted = placement.wanted(graph, operators);
    Set<NodeProto> passing = new HashSet<>();
    Set<String> made = new HashSet<>(); // results of nodes in integers
    for (NodeProto node : graph.nodes()) {
      boolean isInteger =
          placement.of(node).filter(w -> w.computes() && w.quantizesResult()).isPresent();
      boolean passes =
          !made.contains(node.getOutput(0)) // not a rectifier that the node before includes
              && operators.passes(node)
              && wanted.contains(node.getOutput(0))
              && operators.tensors(node).stream().anyMatch(made::contains);
      if (passes) {
        passing.add(node);
      }
      if (isInteger || passes) {
        made.add(result(operators, node));
      }
    }
    placement.addTensors(graph, operators, passing);
    return placement;
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
    weighted.stream().filter(Weighted::computes).map(Weighted::input).forEach(wanted::add);
    for (int i = graph.nodes().size() - 1; i >= 0; i--) {
      NodeProto node = graph.nodes().get(i);
      if (operators.passes(node) && wanted.contains(node.getOutput(0))) {
        wanted.addAll(operators.tensors(node));
      }
    }
    return wanted;
  }

  private void addTensors(Graph graph, Operators operators, Set<NodeProto> passing) {
    for (NodeProto node : graph.nodes()) {
      Optional<Weighted> own = of(node).filter(Weighted::computes);
      own.map(Weighted::input).ifPresent(this::add);
      if (own.filter(Weighted::quantizesResult).isPresent()) {
        add(operators.rectified(node));
      }
      if (passing.contains(node)) {
        operators.tensors(node).forEach(this::add);
        if (operators.moves(node)) {
          tensors.put(node.getOutput(0), steps(node.getInput(0)));
        } else {
          add(operators.rectified(node));
        }
      }
    }
  }

  private Optional<Weighted> of(NodeProto node) {
    return weighted.stream().filter(w -> w.node().equals(node)).findFirst();
  }

  private void add(String tensor) {
    tensors.putIfAbsent(tensor, tensor);
  }

  /** The nodes with weights. */
  List<Weighted> weighted() {
    return weighted;
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
    weighted.stream()
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
