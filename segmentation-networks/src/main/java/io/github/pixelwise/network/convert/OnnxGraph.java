package io.github.pixelwise.network.convert;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Adds nodes and the small tensors they need to a graph. A tensor whose name is known is not added
 * again.
 *
 * @param graph the graph
 */
record OnnxGraph(GraphProto.Builder graph) {
  NodeProto.Builder node(String type, String result, List<String> inputs) {
    return graph.addNodeBuilder().setOpType(type).addAllInput(inputs).addOutput(result);
  }

  String scalar(String name, float value) {
    return initializer(
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(TensorProto.DataType.FLOAT.getNumber())
            .addFloatData(value));
  }

  String floats(String name, float... values) {
    ByteBuffer raw = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    raw.asFloatBuffer().put(values);
    return initializer(
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(TensorProto.DataType.FLOAT.getNumber())
            .addDims(values.length)
            .setRawData(ByteString.copyFrom(raw.array())));
  }

  /** Adds a matrix with a number of rows, the last axis varying fastest. */
  String matrix(String name, float[] values, int rows) {
    ByteBuffer raw = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    raw.asFloatBuffer().put(values);
    return initializer(
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(TensorProto.DataType.FLOAT.getNumber())
            .addDims(rows)
            .addDims(values.length / rows)
            .setRawData(ByteString.copyFrom(raw.array())));
  }

  String longs(String name, long... values) {
    return initializer(
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(TensorProto.DataType.INT64.getNumber())
            .addDims(values.length)
            .addAllInt64Data(LongStream.of(values).boxed().toList()));
  }

  private String initializer(TensorProto.Builder tensor) {
    if (graph.getInitializerList().stream().noneMatch(i -> i.getName().equals(tensor.getName()))) {
      graph.addInitializer(tensor);
    }
    return tensor.getName();
  }

  static AttributeProto attribute(String name, int value) {
    return attribute(name, AttributeProto.AttributeType.INT).setI(value).build();
  }

  static AttributeProto attribute(String name, float value) {
    return attribute(name, AttributeProto.AttributeType.FLOAT).setF(value).build();
  }

  static AttributeProto attribute(String name, String value) {
    ByteString text = ByteString.copyFromUtf8(value);
    return attribute(name, AttributeProto.AttributeType.STRING).setS(text).build();
  }

  static AttributeProto attribute(String name, int... values) {
    AttributeProto.Builder attribute = attribute(name, AttributeProto.AttributeType.INTS);
    for (int value : values) {
      attribute.addInts(value);
    }
    return attribute.build();
  }

  private static AttributeProto.Builder attribute(String name, AttributeProto.AttributeType type) {
    return AttributeProto.newBuilder().setName(name).setType(type);
  }
}
