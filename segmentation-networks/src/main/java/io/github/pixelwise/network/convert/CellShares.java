package io.github.pixelwise.network.convert;

import static io.github.pixelwise.network.convert.OnnxGraph.attribute;

import ai.onnx.proto.OnnxMl.TensorProto;
import io.github.pixelwise.network.Axis;
import java.util.List;

/**
 * Nodes that compute the share of each node of an axis in the cells of an adaptive average pool,
 * for inputs of any size. ONNX itself has no such pool.
 *
 * <p>Everything is a float, because OpenCV cannot compare whole numbers. Quotients are rounded
 * correctly, so those that are whole numbers are exact.
 *
 * @param graph the graph
 * @param from the pool's input
 * @param side the number of cells along the axis
 */
record CellShares(OnnxGraph graph, String from, int side) {
  /** Adds the nodes for an axis, with a result of side x length. */
  void write(Axis axis, String result) {
    String shape = node("Shape", result + ".shape", from);
    String index = graph.longs("axis." + axis.index(), axis.index());
    String length = node("Gather", result + ".length", shape, index);
    graph
        .node("Cast", result + ".float", List.of(length))
        .addAttribute(attribute("to", TensorProto.DataType.FLOAT.getNumber()));
    String start = node("Floor", result + ".start", bound(result, "cells", 0));
    String end = node("Ceil", result + ".end", bound(result, "ends", 1));
    String number = node("Squeeze", result + ".number", result + ".float");
    String nodes =
        node("Range", result + ".nodes", graph.scalar("zero", 0), number, graph.scalar("one", 1));
    String past = node("Sub", result + ".past", nodes, start);
    String reached = clip(result + ".reached", node("Add", result + ".from", past, "one"));
    String inside = clip(result + ".inside", node("Sub", result + ".left", end, nodes));
    String ones = node("Mul", result + ".ones", reached, inside);
    node("Div", result, ones, node("Sub", result + ".size", end, start));
  }

  /** The bounds of the cells before rounding, in one column. */
  private String bound(String result, String name, int first) {
    float[] cells = new float[side];
    for (int i = 0; i < side; i++) {
      cells[i] = first + i;
    }
    String column = graph.matrix("pool.%s.%s".formatted(name, side), cells, side);
    String product =
        node("Mul", "%s.%s.product".formatted(result, name), column, result + ".float");
    String cell = graph.scalar("pool.side." + side, side);
    return node("Div", "%s.%s".formatted(result, name), product, cell);
  }

  /** Clips a value to the range from 0 to 1. OpenCV has no Clip of what it computes beforehand. */
  private String clip(String name, String value) {
    String low = node("Max", name + ".low", value, graph.scalar("zero", 0));
    return node("Min", name, low, graph.scalar("one", 1));
  }

  private String node(String type, String result, String... inputs) {
    graph.node(type, result, List.of(inputs));
    return result;
  }
}
