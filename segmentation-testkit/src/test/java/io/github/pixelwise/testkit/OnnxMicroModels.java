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
 * Writes the micro-models as ONNX: plain chains of operators, so that engines with little support
 * for dynamic shapes read them too.
 */
final class OnnxMicroModels {
  private static final float[][] WEIGHTS = {
    {1, 0.25f, -0.5f}, {-0.5f, 1, 0.25f}, {0.25f, -0.5f, 1}
  };
  private static final float[] BIAS = {0.125f, 0, -0.125f};

  private final GraphProto.Builder graph = GraphProto.newBuilder().setName("micro-model");

  private OnnxMicroModels() {}

  /** Returns a model's file, always the same bytes. */
  static byte[] write(MicroModel model) {
    OnnxMicroModels writer = new OnnxMicroModels();
    switch (model) {
      case AFFINE -> writer.affine();
      case TWO_OUTPUTS -> writer.twoOutputs();
      case STRIDED -> writer.strided();
      case SIGMOID -> writer.sigmoid();
      case CATEGORIES -> writer.categories();
      case CHANNELS_LAST -> writer.channelsLast();
      case SLOW -> writer.slow();
    }
    return ModelProto.newBuilder()
        .setIrVersion(8)
        .setProducerName("pixelwise")
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(13))
        .setGraph(writer.graph)
        .build()
        .toByteArray();
  }

  private void affine() {
    input("n", 3, "h", "w");
    convolution("image", "out", WEIGHTS, BIAS);
    output("out", TensorProto.DataType.FLOAT, "n", 3, "h", "w");
  }

  private void twoOutputs() {
    input("n", 3, "h", "w");
    float[][] negative =
        Arrays.stream(WEIGHTS).map(OnnxMicroModels::negate).toArray(float[][]::new);
    convolution("image", "aux", negative, negate(BIAS));
    convolution("image", "out", WEIGHTS, BIAS);
    output("aux", TensorProto.DataType.FLOAT, "n", 3, "h", "w");
    output("out", TensorProto.DataType.FLOAT, "n", 3, "h", "w");
  }

  private static float[] negate(float[] numbers) {
    float[] negative = new float[numbers.length];
    for (int i = 0; i < numbers.length; i++) {
      negative[i] = -numbers[i];
    }
    return negative;
  }

  private void strided() {
    input("n", 3, "h", "w");
    convolution("image", "out", WEIGHTS, BIAS).addAttribute(integers("strides", 4, 4));
    output("out", TensorProto.DataType.FLOAT, "n", 3, "grid_h", "grid_w");
  }

  private void sigmoid() {
    input("n", 3, "h", "w");
    convolution("image", "logit", new float[][] {{-4, 4, 0.5f}}, new float[] {0.25f});
    node("Sigmoid", "logit", "out");
    output("out", TensorProto.DataType.FLOAT, "n", 1, "h", "w");
  }

  private void categories() {
    input("n", 3, "h", "w");
    convolution("image", "logits", WEIGHTS, BIAS);
    node("ArgMax", "logits", "out")
        .addAttribute(integer("axis", 1))
        .addAttribute(integer("keepdims", 0));
    output("out", TensorProto.DataType.INT64, "n", "h", "w");
  }

  private void channelsLast() {
    input("n", "h", "w", 3);
    node("Transpose", "image", "planes").addAttribute(integers("perm", 0, 3, 1, 2));
    convolution("planes", "logits", WEIGHTS, BIAS);
    node("Transpose", "logits", "out").addAttribute(integers("perm", 0, 2, 3, 1));
    output("out", TensorProto.DataType.FLOAT, "n", "h", "w", 3);
  }

  private void slow() {
    input("n", 3, "h", "w");
    TensorProto.Builder kernel = parameter("identity", 3, 3, 11, 11);
    for (int i = 0; i < 3 * 3 * 11 * 11; i++) {
      boolean middle = i % 121 == 60;
      boolean sameChannel = i / 121 % 3 == i / 363;
      kernel.addFloatData(middle && sameChannel ? 1 : 0);
    }
    for (int i = 1; i <= 24; i++) {
      node("Conv", i == 1 ? "image" : "copy" + (i - 1), i == 24 ? "out" : "copy" + i)
          .addInput("identity")
          .addAttribute(integers("kernel_shape", 11, 11))
          .addAttribute(integers("pads", 5, 5, 5, 5));
    }
    output("out", TensorProto.DataType.FLOAT, "n", 3, "h", "w");
  }

  private void input(Object... sides) {
    graph.addInput(value("image", TensorProto.DataType.FLOAT, sides));
  }

  private void output(String name, TensorProto.DataType type, Object... sides) {
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

  private NodeProto.Builder node(String operator, String input, String output) {
    return graph.addNodeBuilder().setOpType(operator).addInput(input).addOutput(output);
  }

  /** A convolution of 1 x 1: one row of weights a channel of the output. */
  private NodeProto.Builder convolution(
      String input, String output, float[][] weights, float[] bias) {
    NodeProto.Builder node =
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

  private TensorProto.Builder parameter(String name, long... sides) {
    TensorProto.Builder parameter =
        graph
            .addInitializerBuilder()
            .setName(name)
            .setDataType(TensorProto.DataType.FLOAT.getNumber());
    Arrays.stream(sides).forEach(parameter::addDims);
    return parameter;
  }

  private static AttributeProto integer(String name, long value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INT)
        .setI(value)
        .build();
  }

  private static AttributeProto integers(String name, long... values) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INTS)
        .addAllInts(Arrays.stream(values).boxed().toList())
        .build();
  }
}
