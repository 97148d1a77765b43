package io.github.pixelwise.network.convert;

import static io.github.pixelwise.network.convert.OnnxGraph.attribute;

import ai.onnx.proto.OnnxMl.TensorProto;
import io.github.pixelwise.network.Axis;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Nodes that compute the share of each node of an axis in the cells of an adaptive average pool,
 * for inputs of any size. ONNX itself has no such pool.
 *
 * @param graph the graph
 * @param from the pool's input
 * @param side the number of cells along the axis
 */
record CellShares(OnnxGraph graph, String from, int side) {
  /** Adds the nodes for an axis, with a result of side x length. */
  void write(Axis axis, String result) {
    String cells = column("pool.cells." + side, LongStream.range(0, side));
    String ends = column("pool.ends." + side, LongStream.rangeClosed(1, side));
    String number = graph.longs("pool.side." + side, side);
    String shape = node("Shape", result + ".shape", from);
    String length =
        node(
            "Gather", result + ".length", shape, graph.longs("axis." + axis.index(), axis.index()));
    String scalar = node("Squeeze", result + ".scalar", length);
    String start =
        node("Div", result + ".start", node("Mul", result + ".to_start", cells, length), number);
    String beyond = node("Mul", result + ".to_end", ends, length);
    String raised =
        node("Add", result + ".raised", beyond, graph.longs("pool.up." + side, side - 1));
    String end = node("Div", result + ".end", raised, number);
    String nodes =
        node(
            "Range", result + ".nodes", graph.integer("zero", 0), scalar, graph.integer("step", 1));
    String before = node("Less", result + ".before", nodes, start);
    String inside =
        node(
            "And",
            result + ".inside",
            node("Not", result + ".from", before),
            node("Less", result + ".until", nodes, end));
    String size = number(result + ".size", node("Sub", result + ".whole", end, start));
    node("Div", result, number(result + ".ones", inside), size);
  }

  private String column(String name, LongStream values) {
    return graph.longColumn(name, values.toArray());
  }

  private String number(String name, String value) {
    graph
        .node("Cast", name, List.of(value))
        .addAttribute(attribute("to", TensorProto.DataType.FLOAT.getNumber()));
    return name;
  }

  private String node(String type, String result, String... inputs) {
    graph.node(type, result, List.of(inputs));
    return result;
  }
}
