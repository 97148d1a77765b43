package io.github.pixelwise.opencv;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import io.github.pixelwise.LabelMap;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelFormat;
import io.github.pixelwise.model.OutputSpec;
import io.github.pixelwise.model.SizeRule;
import io.github.pixelwise.spi.BackendContext;
import io.github.pixelwise.spi.InferenceSession;
import java.nio.file.Path;
import java.util.List;

/** Builds and opens small networks for tests. */
final class Networks {
  private Networks() {}

  /** A network of these nodes from {@code in}, floats of free sides, to {@code out}. */
  static ModelProto of(NodeProto.Builder... nodes) {
    GraphProto.Builder graph =
        GraphProto.newBuilder()
            .setName("test")
            .addInput(value("in", TensorProto.DataType.FLOAT, true))
            .addOutput(value("out", TensorProto.DataType.FLOAT, false));
    for (NodeProto.Builder node : nodes) {
      graph.addNode(node);
    }
    return ModelProto.newBuilder()
        .setIrVersion(8)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(13))
        .setGraph(graph)
        .build();
  }

  static ValueInfoProto value(String name, TensorProto.DataType type, boolean shaped) {
    TypeProto.Tensor.Builder tensor = TypeProto.Tensor.newBuilder().setElemType(type.getNumber());
    if (shaped) {
      TensorShapeProto.Builder shape = tensor.getShapeBuilder();
      List.of("n", "c", "h", "w").forEach(side -> shape.addDimBuilder().setDimParam(side));
    }
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }

  static NodeProto.Builder node(String operator, String input, String output) {
    return NodeProto.newBuilder()
        .setOpType(operator)
        .setName("the-" + operator)
        .addInput(input)
        .addOutput(output);
  }

  static NodeProto.Builder cast(TensorProto.DataType type, String input, String output) {
    return node("Cast", input, output)
        .addAttribute(
            AttributeProto.newBuilder()
                .setName("to")
                .setType(AttributeProto.AttributeType.INT)
                .setI(type.getNumber()));
  }

  /** Opens a file as the model "test" with inputs of 32 x 24. */
  static BackendContext.Builder context(Path file, String input, String output) {
    ModelCard card =
        ModelCard.builder(
                "test",
                InputSpec.builder(input, SizeRule.fixed(32, 24)).build(),
                OutputSpec.logits(output, 1),
                LabelMap.of(List.of("a", "b", "c", "d", "e")))
            .file(ModelFormat.ONNX, file)
            .build();
    return BackendContext.builder(new OpenCvBackend(), card, ModelFormat.ONNX, file);
  }

  static InferenceSession open(Path file) {
    return open(context(file, "in", "out"));
  }

  static InferenceSession open(BackendContext.Builder context) {
    return new OpenCvBackend().open(context.build());
  }
}
