package io.github.pixelwise.testkit;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.Arrays;

/**
 * An ONNX network in the making: plain chains of operators, so that engines with little support for
 * dynamic shapes read it too.
 */
class OnnxGraph {
  private final GraphProto.Builder graph;

  OnnxGraph(String name) {
    graph = GraphProto.newBuilder().setName(name);
  }

  /** Returns the network's file, always the same bytes. */
  final byte[] toByteArray() {
    return ModelProto.newBuilder()
        .setIrVersion(8)
        .setProducerName("pixelwise")
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(13))
        .setGraph(graph)
        .build()
        .toByteArray();
  }

  final void input(Object... sides) {
    graph.addInput(value("image", TensorProto.DataType.FLOAT, sides));
  }

  final void output(String name, TensorProto.DataType type, Object... sides) {
    graph.addOutput(value(name, type, sides));
  }

  /** A tensor whose sides are numbers where fixed and names where free. */
  private static ValueInfoProto value(String name, TensorProto.DataType type, Object... sides) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (Object side : sides) {
      if (side instanceof Integer number) {
        shape.addDimBuilder().setDimValue(number);
      } else {
        shape.addDimBuilder().setDimParam((String) side);
      }
    }
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder().setElemType(type.getNumber()).setShape(shape)))
        .build();
  }

  final NodeProto.Builder node(String operator, String input, String output) {
    return graph.addNodeBuilder().setOpType(operator).addInput(input).addOutput(output);
  }

  /** A convolution of 1 x 1: one row of weights a channel of the output. */
  final NodeProto.Builder convolution(
      String input, String output, float[][] weights, float[] bias) {
    final NodeProto.Builder node =
        node("Conv", input, output)
            .addInput(output + ".weight")
            .addInput(output + ".bias")
            .addAttribute(integers("kernel_shape", 1, 1));
    TensorProto.Builder kernel =
        parameter(output + ".weight", weights.length, weights[0].length, 1, 1);
    for (float[] row : weights) {
      for (float weight : row) {
        kernel.addFloatData(weight);
      }
    }
    TensorProto.Builder offset = parameter(output + ".bias", bias.length);
    for (float number : bias) {
      offset.addFloatData(number);
    }
    return node;
  }

  final TensorProto.Builder parameter(String name, long... sides) {
    TensorProto.Builder parameter =
        graph
            .addInitializerBuilder()
            .setName(name)
            .setDataType(TensorProto.DataType.FLOAT.getNumber());
    Arrays.stream(sides).forEach(parameter::addDims);
    return parameter;
  }

  static AttributeProto integer(String name, long value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INT)
        .setI(value)
        .build();
  }

  static AttributeProto integers(String name, long... values) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INTS)
        .addAllInts(Arrays.stream(values).boxed().toList())
        .build();
  }
}
