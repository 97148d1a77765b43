package io.github.pixelwise.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import io.github.pixelwise.LabelMap;
import io.github.pixelwise.ModelLoadException;
import io.github.pixelwise.model.FloatTensor;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelFormat;
import io.github.pixelwise.model.OutputSpec;
import io.github.pixelwise.model.SizeRule;
import io.github.pixelwise.spi.BackendContext;
import io.github.pixelwise.spi.InferenceSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Outputs of every numeric type are returned as floats. */
class OutputTypesTest {
  @TempDir private Path folder;

  private static TypeProto tensor(TensorProto.DataType type) {
    return TypeProto.newBuilder()
        .setTensorType(TypeProto.Tensor.newBuilder().setElemType(type.getNumber()))
        .build();
  }

  /** A network of one operator between the input "in" and the output "out". */
  private InferenceSession open(NodeProto.Builder operator, TypeProto output, String file)
      throws IOException {
    ModelProto network =
        ModelProto.newBuilder()
            .setIrVersion(8)
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(13))
            .setGraph(
                GraphProto.newBuilder()
                    .setName("types")
                    .addInput(
                        ValueInfoProto.newBuilder()
                            .setName("in")
                            .setType(tensor(TensorProto.DataType.FLOAT)))
                    .addNode(operator.addInput("in").addOutput("out"))
                    .addOutput(ValueInfoProto.newBuilder().setName("out").setType(output)))
            .build();
    Path path = Files.write(folder.resolve(file), network.toByteArray());
    ModelCard card =
        ModelCard.builder(
                "types",
                InputSpec.builder("in", SizeRule.fixed(1, 1)).build(),
                OutputSpec.logits("out", 1),
                LabelMap.of(List.of("a", "b", "c")))
            .file(ModelFormat.ONNX, path)
            .build();
    OnnxBackend onnx = new OnnxBackend();
    return onnx.open(BackendContext.builder(onnx, card, ModelFormat.ONNX, path).build());
  }

  private static NodeProto.Builder cast(TensorProto.DataType type) {
    return NodeProto.newBuilder()
        .setOpType("Cast")
        .addAttribute(
            AttributeProto.newBuilder()
                .setName("to")
                .setType(AttributeProto.AttributeType.INT)
                .setI(type.getNumber()));
  }

  @ParameterizedTest
  @EnumSource(
      value = TensorProto.DataType.class,
      names = {
        "FLOAT",
        "FLOAT16",
        "BFLOAT16",
        "DOUBLE",
        "INT8",
        "UINT8",
        "INT16",
        "UINT16",
        "INT32",
        "UINT32",
        "INT64",
        "UINT64"
      })
  void returnsExactNumbers(TensorProto.DataType type) throws IOException {
    FloatTensor input = FloatTensor.of(new float[] {0, 1, 127}, 1, 3, 1, 1);

    try (InferenceSession session = open(cast(type), tensor(type), "cast.onnx")) {
      assertThat(session.run(input)).isEqualTo(input);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "UINT8, 255",
    "UINT16, 65535",
    "UINT32, 4294967040",
    "INT8, -1",
    "INT16, -1",
    "INT32, -1"
  })
  void treatsTheHighestBitAsASignOnlyInSignedTypes(TensorProto.DataType type, float number)
      throws IOException {
    FloatTensor input = FloatTensor.of(new float[] {number}, 1, 1, 1, 1);

    try (InferenceSession session = open(cast(type), tensor(type), "cast.onnx")) {
      assertThat(session.run(input)).isEqualTo(input);
    }
  }

  @Test
  void returnsBooleansAsOneOrZero() throws IOException {
    try (InferenceSession session =
        open(cast(TensorProto.DataType.BOOL), tensor(TensorProto.DataType.BOOL), "bool.onnx")) {
      assertThat(session.run(FloatTensor.of(new float[] {0, 5}, 1, 2, 1, 1)))
          .isEqualTo(FloatTensor.of(new float[] {0, 1}, 1, 2, 1, 1));
    }
  }

  @Test
  void rejectsASequence() {
    TypeProto sequence =
        TypeProto.newBuilder()
            .setSequenceType(
                TypeProto.Sequence.newBuilder().setElemType(tensor(TensorProto.DataType.FLOAT)))
            .build();

    assertThatThrownBy(
            () ->
                open(
                    NodeProto.newBuilder().setOpType("SequenceConstruct"),
                    sequence,
                    "sequence.onnx"))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageStartingWith("model types: backend onnx needs the output \"out\" of ")
        .hasMessageContaining(" to be a tensor of numbers, found ");
  }

  @Test
  void acceptsAnyCharactersInPaths() throws IOException {
    for (String file : new String[] {"größe 日本.onnx", "cat 😀.onnx"}) {
      open(cast(TensorProto.DataType.FLOAT), tensor(TensorProto.DataType.FLOAT), file).close();
    }
  }
}
