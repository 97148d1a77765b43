package io.github.pixelwise.quantization;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import io.github.pixelwise.quantization.Int8Weights.Layout;
import io.github.pixelwise.quantization.Operators.Weighted;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Writes a graph again with QuantizeLinear and DequantizeLinear around its tensors, and 8-bit
 * weights.
 */
final class QdqGraph {
  private final GraphProto from;
  private final Graph graph;
  private final Placement placement;
  private final Ranges ranges;
  private final ChannelMeans means;
  private final String domain;
  private final GraphProto.Builder to = GraphProto.newBuilder();

  /** What nodes in float read instead of a tensor. */
  private final Map<String, String> renamed = new HashMap<>();

  /** What nodes in integers read instead of a tensor: its channels divided by their factors. */
  private final Map<String, String> divided = new HashMap<>();

  /** The names of the scales and zero points of tensors that own their steps. */
  private final Map<String, String> scales = new HashMap<>();

  private final Map<String, String> zeros = new HashMap<>();
  private final Set<String> names = new HashSet<>();

  /**
   * @param ranges the ranges of calibrated tensors
   * @param means the means of the inputs of convolutions, to correct what rounding their weights
   *     does to their sums; without them it is not corrected
   * @param domain the domain of QuantizeLinear
   */
  QdqGraph(GraphProto from, Placement placement, Ranges ranges, ChannelMeans means, String domain) {
    this.from = from;
    this.graph = new Graph(from);
    this.placement = placement;
    this.ranges = ranges;
    this.means = means;
    this.domain = domain;
    from.getInitializerList().forEach(constant -> names.add(constant.getName()));
    from.getInputList().forEach(input -> names.add(input.getName()));
    from.getNodeList().forEach(node -> names.addAll(node.getOutputList()));
  }

  GraphProto write() {
    to.setName(from.getName()).addAllInput(from.getInputList()).addAllOutput(from.getOutputList());
    Set<String> quantized = Set.copyOf(placement.tensors());
    for (ValueInfoProto input : from.getInputList()) {
      if (quantized.contains(input.getName())) {
        quantize(input.getName(), input.getName(), false);
      }
    }
    for (NodeProto node : from.getNodeList()) {
      NodeProto.Builder copy = node.toBuilder();
      boolean isInteger = placement.isInteger(node);
      for (int i = 0; i < node.getInputCount(); i++) {
        String input = node.getInput(i);
        String read =
            isInteger || placement.isMade(input) ? renamed.getOrDefault(input, input) : input;
        copy.setInput(i, isInteger ? divided.getOrDefault(input, read) : read);
      }
      placement.weighted(node).ifPresent(own -> addWeights(own, copy));
      for (int i = 0; i < node.getOutputCount(); i++) {
        String result = node.getOutput(i);
        if (placement.isMade(result) && graph.isOutput(result)) {
          copy.setOutput(i, unique(result + "_float"));
        }
      }
      to.addNode(copy);
      for (int i = 0; i < node.getOutputCount(); i++) {
        if (quantized.contains(node.getOutput(i))) {
          quantize(node.getOutput(i), copy.getOutput(i), placement.isMade(node.getOutput(i)));
        }
      }
    }
    addUsedConstants();
    return to.build();
  }

  /**
   * Rounds a tensor to its steps.
   *
   * @param tensor its name in the original
   * @param source its name here
   * @param isMade whether it comes from a node in integers: its channels are divided by their
   *     factors already, and nodes in float can only read it rounded
   */
  private void quantize(String tensor, String source, boolean isMade) {
    String owner = placement.steps(tensor);
    Range.Steps own = ranges.steps(owner);
    String scale = scales.get(owner);
    if (scale == null) {
      scale = unique(owner + "_scale");
      scales.put(owner, scale);
      zeros.put(owner, unique(owner + "_zero_point"));
      to.addInitializer(OnnxTensors.ofFloat(scale, own.scale()));
      to.addInitializer(OnnxTensors.ofByte(zeros.get(owner), own.zero()));
    }
    String zero = zeros.get(owner);
    String bytes = unique(tensor + "_quantized");
    String result = isMade && graph.isOutput(tensor) ? tensor : unique(tensor + "_dequantized");
    Optional<float[]> factors = ranges.factors(tensor);
    if (factors.isEmpty()) {
      addNode("QuantizeLinear", List.of(source, scale, zero), bytes);
      addNode("DequantizeLinear", List.of(bytes, scale, zero), result);
      renamed.put(tensor, result);
      return;
    }
    // Not as scales of QuantizeLinear: ONNX Runtime takes ten times as long with one for each
    // channel.
    String input = source;
    if (!isMade) {
      input = unique(tensor + "_even");
      multiply(source, tensor + "_reciprocals", reciprocals(factors.get()), input);
    }
    addNode("QuantizeLinear", List.of(input, scale, zero), bytes);
    String read = unique(tensor + "_divided");
    addNode("DequantizeLinear", List.of(bytes, scale, zero), read);
    divided.put(tensor, read);
    if (isMade
        && (graph.isOutput(tensor)
            || !graph.readers(tensor).stream().allMatch(placement::isInteger))) {
      multiply(read, tensor + "_factors", factors.get(), result);
      renamed.put(tensor, result);
    }
  }

  private static float[] reciprocals(float[] factors) {
    float[] reciprocals = new float[factors.length];
    for (int c = 0; c < reciprocals.length; c++) {
      reciprocals[c] = 1 / factors[c];
    }
    return reciprocals;
  }

  /** Multiplies each channel by a number. */
  private void multiply(String tensor, String numbers, float[] values, String result) {
    String constant = unique(numbers);
    to.addInitializer(OnnxTensors.of(constant, values).toBuilder().addDims(1).addDims(1));
    to.addNodeBuilder()
        .setName(result + "_Mul")
        .setOpType("Mul")
        .addInput(tensor)
        .addInput(constant)
        .addOutput(result);
  }

  private void addWeights(Weighted own, NodeProto.Builder copy) {
    float[] values = OnnxTensors.floats(own.weights());
    Layout layout = Layout.of(own.weights().getDimsList(), own.axis());
    if (!own.computes()) {
      float[] least = new float[layout.channels()];
      copy.setInput(1, addWeights(own, Int8Weights.of(values, layout, false, least)));
      return;
    }
    float inputScale = ranges.steps(placement.steps(own.input())).scale();
    float[] bias =
        own.bias().map(OnnxTensors::floats).orElseGet(() -> new float[layout.channels()]);
    Optional<float[]> inputs = ranges.factors(own.input());
    inputs.ifPresent(factors -> layout.multiply(values, factors));
    Optional<float[]> results = ranges.factors(own.result()).filter(f -> own.quantizesResult());
    results.ifPresent(factors -> layout.divide(values, bias, factors));
    Int8Weights weights =
        Int8Weights.of(
            values, layout, own.isMatrixProduct(), Int8Weights.leastScales(bias, inputScale));
    copy.setInput(1, addWeights(own, weights));
    Optional<float[]> mean = own.isConvolution() ? means.of(own.input()) : Optional.empty();
    if (mean.isPresent()) {
      inputs.ifPresent(factors -> divide(mean.get(), factors));
      double[] shifts = weights.shifts(values, layout, mean.get());
      for (int c = 0; c < bias.length; c++) {
        bias[c] += (float) shifts[c];
      }
    }
    if (own.bias().isPresent() || mean.isPresent()) {
      String original =
          own.bias().map(TensorProto::getName).orElse(own.weights().getName() + "_bias");
      float[] scales = weights.sumScales(inputScale);
      String name = unique(original + "_quantized");
      to.addInitializer(OnnxTensors.of(name, Int8Weights.round(bias, scales)));
      String scale = unique(name + "_scale");
      String zero = unique(name + "_zero_point");
      to.addInitializer(OnnxTensors.of(scale, scales));
      to.addInitializer(OnnxTensors.of(zero, new int[scales.length]));
      String floats = addDequantize(List.of(name, scale, zero), original, 0);
      if (copy.getInputCount() > 2) {
        copy.setInput(2, floats);
      } else {
        copy.addInput(floats);
      }
    }
  }

  private String addWeights(Weighted own, Int8Weights weights) {
    String name = unique(own.weights().getName() + "_quantized");
    int channels = weights.scales().length;
    to.addInitializer(OnnxTensors.of(name, weights.bytes(), own.weights().getDimsList()));
    String scale = unique(name + "_scale");
    String zero = unique(name + "_zero_point");
    to.addInitializer(OnnxTensors.of(scale, weights.scales()));
    to.addInitializer(OnnxTensors.of(zero, new byte[channels], List.of((long) channels)));
    return addDequantize(List.of(name, scale, zero), own.weights().getName(), own.axis());
  }

  private static void divide(float[] values, float[] factors) {
    for (int c = 0; c < values.length; c++) {
      values[c] /= factors[c];
    }
  }

  private String addDequantize(List<String> inputs, String original, int axis) {
    String result = unique(original + "_dequantized");
    addNode("DequantizeLinear", inputs, result)
        .addAttribute(
            AttributeProto.newBuilder()
                .setName("axis")
                .setType(AttributeProto.AttributeType.INT)
                .setI(axis));
    return result;
  }

  private NodeProto.Builder addNode(String type, List<String> inputs, String result) {
    return to.addNodeBuilder()
        .setName(result + "_" + type)
        .setOpType(type)
        .setDomain(domain)
        .addAllInput(inputs)
        .addOutput(result);
  }

  private String unique(String name) {
    String free = name;
    for (int i = 2; !names.add(free); i++) {
      free = name + "_" + i;
    }
    return free;
  }

  /** Constants that nodes, or the graphs inside them, still read. */
  private void addUsedConstants() {
    Set<String> read = new HashSet<>();
    to.getNodeList().forEach(node -> Graph.addRead(node, read));
    to.getOutputList().forEach(output -> read.add(output.getName()));
    for (TensorProto constant : from.getInitializerList()) {
      if (read.contains(constant.getName())) {
        to.addInitializer(constant);
      }
    }
  }
}
