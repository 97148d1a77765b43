package io.github.pixelwise.quantization;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import io.github.pixelwise.quantization.Operators.Weighted;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Brings the channels of a tensor to similar ranges before they are rounded. All channels of a
 * tensor have the same steps, so one with small values, beside others with large ones, would keep
 * few of its bits.
 *
 * <p>Each channel is divided by a factor, which the weights of the convolutions before and after
 * the tensor take up. Next to a node in float, the tensor is multiplied instead. After Nagel et
 * al., "Data-Free Quantization Through Weight Equalization and Bias Correction" (2019), but with
 * the ranges of tensors on photos instead of those of weights.
 */
final class Equalization {
  /**
   * How much of the difference between channels is taken away: 0 for nothing, 1 for all of it,
   * which leaves no room for values that are larger than those on the photos. Measured, see
   * docs/decisions/0051-even-channels.md.
   */
  private static final double STRENGTH = 0.75;

  /** Of pictures and their convolutions: batch, channels, height, width. */
  private static final int RANK = 4;

  /** The least range of a channel that is told from none, as a share of the greatest. */
  private static final double LEAST = 1 / 1024.0;

  /** Operators that treat all channels in the same way, and whose results keep the factors. */
  private static final Set<String> CHANNELWISE =
      Set.of("Add", "AveragePool", "MaxPool", "Relu", "Resize");

  private final Graph graph;
  private final Operators operators;

  /** The tensor that stands for a group of tensors with the same factors. */
  private final Map<String, String> parents = new HashMap<>();

  private final Map<String, Integer> channels = new HashMap<>();
  private final Set<String> excluded = new HashSet<>();

  private Equalization(Graph graph) {
    this.graph = graph;
    this.operators = new Operators(graph);
  }

  /** Leaves all tensors as they are. */
  static Equalization none() {
    return new Equalization(new Graph(GraphProto.getDefaultInstance()));
  }

  /** Finds the tensors whose channels can have factors. */
  static Equalization of(Graph graph, Placement placement) {
    Equalization equalization = new Equalization(graph);
    for (NodeProto node : graph.nodes()) {
      Graph.addReadInside(node, equalization.excluded);
      Optional<Weighted> weighted = placement.weighted(node).filter(Weighted::computes);
      Optional<String> passed = placement.passed(node);
      if (weighted.isPresent()) {
        equalization.add(weighted.get());
      } else if (passed.isPresent()) {
        equalization.addPassing(node, passed.get());
      }
    }
    return equalization;
  }

  private void add(Weighted weighted) {
    if (!weighted.isConvolution() || weighted.weights().getDimsCount() != RANK) {
      excluded.add(weighted.input());
      excluded.add(weighted.result());
      return;
    }
    channels.put(weighted.input(), weighted.inputChannels());
    if (weighted.quantizesResult()) {
      channels.put(weighted.result(), Math.toIntExact(weighted.weights().getDims(0)));
      excludeClipped(weighted.node(), weighted.result());
    }
  }

  private void addPassing(NodeProto node, String result) {
    List<String> tensors = new ArrayList<>(operators.tensors(node));
    tensors.add(result);
    excludeClipped(node, result);
    if (!CHANNELWISE.contains(node.getOpType())) {
      excluded.addAll(tensors);
    }
    tensors.forEach(tensor -> parents.put(group(tensor), group(result)));
  }

  /** A bound that all channels have is another one for each once they are divided. */
  private void excludeClipped(NodeProto node, String result) {
    for (NodeProto next = node; !next.getOutput(0).equals(result); ) {
      next = graph.onlyReader(next.getOutput(0)).orElseThrow();
      if (next.getOpType().equals("Clip")) {
        excluded.add(result);
      }
    }
  }

  private String group(String tensor) {
    String parent = parents.getOrDefault(tensor, tensor);
    return parent.equals(tensor) ? tensor : group(parent);
  }

  /**
   * The tensors whose channels can have factors, [1 x channels x height x width], and how many they
   * have.
   */
  Map<String, Integer> channels() {
    Map<String, Integer> ofGroups = new HashMap<>();
    Set<String> left = new HashSet<>();
    excluded.forEach(tensor -> left.add(group(tensor)));
    channels.forEach(
        (tensor, number) -> {
          Integer other = ofGroups.put(group(tensor), number);
          if (other != null && !other.equals(number)) { // one is added to all channels of the other
            left.add(group(tensor));
          }
        });
    ofGroups.keySet().removeAll(left);
    Map<String, Integer> all = new HashMap<>();
    Set<String> tensors = new HashSet<>(channels.keySet());
    tensors.addAll(parents.keySet());
    for (String tensor : tensors) {
      Integer number = ofGroups.get(group(tensor));
      if (number != null) {
        all.put(tensor, number);
      }
    }
    return all;
  }

  /**
   * What to divide the channels of tensors by. Tensors that are added to each other, or moved, have
   * the same factors.
   *
   * @param ranges the ranges of the channels of tensors; a single one if a tensor turned out not to
   *     have these channels, or to be of several pictures
   */
  Map<String, float[]> factors(Map<String, Range[]> ranges) {
    Map<String, Integer> numbers = channels();
    Map<String, double[]> widths = new HashMap<>();
    Set<String> unlike = new HashSet<>(); // such as one number that is added to all channels
    ranges.forEach(
        (tensor, own) -> {
          Integer number = numbers.get(tensor);
          if (number != null && number != own.length) {
            unlike.add(group(tensor));
          } else if (number != null) {
            double[] most = widths.computeIfAbsent(group(tensor), name -> new double[own.length]);
            for (int c = 0; c < own.length; c++) {
              most[c] = Math.max(most[c], own[c].width());
            }
          }
        });
    Map<String, float[]> factors = new HashMap<>();
    for (String tensor : numbers.keySet()) {
      double[] own = widths.get(group(tensor));
      if (own != null && !unlike.contains(group(tensor))) {
        factors.put(tensor, factors(own));
      }
    }
    return factors;
  }

  private static float[] factors(double[] widths) {
    double greatest = 0;
    for (double width : widths) {
      greatest = Math.max(greatest, width);
    }
    float[] factors = new float[widths.length];
    for (int c = 0; c < factors.length; c++) {
      double share = greatest == 0 ? 1 : Math.max(widths[c] / greatest, LEAST);
      factors[c] = (float) Math.pow(share, STRENGTH);
    }
    return factors;
  }
}
