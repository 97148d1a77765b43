package io.github.pixelwise.quantization;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A graph with its tensors by name. Nodes are in an order in which they can run. */
final class Graph {
  private final List<NodeProto> nodes;
  private final Map<String, TensorProto> constants = new HashMap<>();
  private final Map<String, List<NodeProto>> readers = new HashMap<>();
  private final Set<String> outputs = new HashSet<>();

  Graph(GraphProto graph) {
    this.nodes = graph.getNodeList();
    graph.getInitializerList().forEach(constant -> constants.put(constant.getName(), constant));
    graph.getOutputList().stream().map(ValueInfoProto::getName).forEach(outputs::add);
    for (NodeProto node : nodes) {
      for (String input : node.getInputList()) {
        readers.computeIfAbsent(input, name -> new ArrayList<>()).add(node);
      }
    }
  }

  List<NodeProto> nodes() {
    return nodes;
  }

  boolean isOutput(String tensor) {
    return outputs.contains(tensor);
  }

  boolean isConstant(String tensor) {
    return constants.containsKey(tensor);
  }

  /** A float32 constant; empty if the tensor is none. */
  Optional<TensorProto> floats(String tensor) {
    return Optional.ofNullable(constants.get(tensor)).filter(OnnxTensors::isFloat);
  }

  /** Adds the tensors that a node reads, also in the graphs inside it. */
  static void addRead(NodeProto node, Set<String> read) {
    read.addAll(node.getInputList());
    addReadInside(node, read);
  }

  /** Adds the tensors that the graphs inside a node read, as those of If have. */
  static void addReadInside(NodeProto node, Set<String> read) {
    for (AttributeProto attribute : node.getAttributeList()) {
      attribute.getG().getNodeList().forEach(inner -> addRead(inner, read));
      attribute.getG().getOutputList().forEach(output -> read.add(output.getName()));
      attribute.getGraphsList().forEach(g -> g.getNodeList().forEach(n -> addRead(n, read)));
    }
  }

  /** The nodes that read a tensor. */
  List<NodeProto> readers(String tensor) {
    return readers.getOrDefault(tensor, List.of());
  }

  /** The only node that reads a tensor; empty if there are several, or it is a result. */
  Optional<NodeProto> onlyReader(String tensor) {
    List<NodeProto> found = readers(tensor);
    return found.size() == 1 && !isOutput(tensor) ? Optional.of(found.get(0)) : Optional.empty();
  }

  /** An input of a node; an empty name stands for none. */
  static String input(NodeProto node, int index) {
    return index < node.getInputCount() ? node.getInput(index) : "";
  }

  /** A number that a node has by name. */
  static Optional<AttributeProto> attribute(NodeProto node, String name) {
    return node.getAttributeList().stream().filter(a -> a.getName().equals(name)).findFirst();
  }

  static long whole(NodeProto node, String name, long otherwise) {
    return attribute(node, name).map(AttributeProto::getI).orElse(otherwise);
  }

  static float number(NodeProto node, String name, float otherwise) {
    return attribute(node, name).map(AttributeProto::getF).orElse(otherwise);
  }
}
