package io.github.pixelwise.opencv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import io.github.pixelwise.Device;
import io.github.pixelwise.ModelLoadException;
import io.github.pixelwise.spi.ElementType;
import io.github.pixelwise.spi.InferenceSession;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Files that cannot be opened, and their error messages. */
class BadFilesTest {
  @TempDir private Path folder;

  private Path write(ModelProto network) throws IOException {
    return Files.write(folder.resolve("bad.onnx"), network.toByteArray());
  }

  private static ModelProto withGraph(GraphProto.Builder graph) {
    return Networks.of(Networks.node("Relu", "in", "out")).toBuilder().setGraph(graph).build();
  }

  private static GraphProto.Builder graph() {
    return Networks.of(Networks.node("Relu", "in", "out")).getGraph().toBuilder();
  }

  private static void assertRefused(Path file, String message) {
    assertThatThrownBy(() -> Networks.open(file).close())
        .isInstanceOf(ModelLoadException.class)
        .hasMessage("model test: " + message, file);
  }

  @Test
  void namesAnUnknownOperator() throws IOException {
    NodeProto.Builder unknown = Networks.node("GridOfDreams", "between", "out");
    Path file = write(Networks.of(Networks.node("Relu", "in", "between"), unknown));

    assertRefused(
        file,
        "backend opencv-dnn cannot import %s for an input of [1 x 3 x 24 x 32]: node \"the-GridOfDreams\""
            + " (GridOfDreams): Can't create layer \"onnx_node!the-GridOfDreams\" of type \"GridOfDreams\". Export it with a"
            + " fixed input size, an older opset, or without that operator, or choose another"
            + " backend.");
  }

  @Test
  void namesAnOperatorThatOpenCvLacks() throws IOException {
    Path file =
        write(
            Networks.of(
                Networks.node("Relu", "in", "between"),
                Networks.node("NonZero", "between", "out")));

    assertRefused(
        file,
        "backend opencv-dnn cannot import %s for an input of [1 x 3 x 24 x 32]: node \"the-NonZero\""
            + " (NonZero): Can't create layer \"onnx_node!the-NonZero\" of type \"NonZero\". Export it with a"
            + " fixed input size, an older opset, or without that operator, or choose another"
            + " backend.");
  }

  @Test
  void namesANodeWhoseInputDoesNotExist() throws IOException {
    Path file = write(Networks.of(Networks.node("Add", "in", "out").addInput("nothing")));

    assertRefused(
        file,
        "backend opencv-dnn cannot open %s: it is damaged or not an ONNX model: node \"the-Add\" (Add) takes"
            + " \"nothing\", which no earlier node produces. Download it again, or name the model's ONNX file.");
  }

  @Test
  void namesNodesThatAreOutOfOrder() throws IOException {
    Path file =
        write(
            Networks.of(
                Networks.node("Relu", "between", "out"), Networks.node("Relu", "in", "between")));

    assertRefused(
        file,
        "backend opencv-dnn cannot open %s: it is damaged or not an ONNX model: node \"the-Relu\" (Relu) takes"
            + " \"between\", which no earlier node produces. Download it again, or name the model's ONNX file.");
  }

  @Test
  void rejectsTorchScript() throws IOException {
    Path file = folder.resolve("model.pt");
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry("model/data.pkl"));
      zip.write(new byte[100]);
      zip.closeEntry();
    }

    assertRefused(
        file,
        "backend opencv-dnn cannot open %s: it is damaged or not an ONNX model: byte 2 does not start a field."
            + " Download it again, or name the model's ONNX file.");
  }

  @Test
  void rejectsAnEmptyFile() throws IOException {
    assertRefused(
        Files.createFile(folder.resolve("empty.onnx")),
        "backend opencv-dnn cannot open %s: it is damaged or not an ONNX model: it has no graph with"
            + " inputs and outputs. Download it again, or name the model's ONNX file.");
  }

  @Test
  void rejectsExternalWeights() throws IOException {
    TensorProto.Builder weight =
        TensorProto.newBuilder()
            .setName("weight")
            .setDataLocation(TensorProto.DataLocation.EXTERNAL)
            .addExternalData(
                StringStringEntryProto.newBuilder().setKey("location").setValue("w.bin"));
    AttributeProto.Builder constant = AttributeProto.newBuilder().setName("value").setT(weight);
    String message =
        "backend opencv-dnn cannot open %s: its weights are in separate files, such as w.bin. Export it"
            + " as one file, or choose backend onnx.";

    assertRefused(write(withGraph(graph().addInitializer(weight))), message);
    assertRefused(
        write(
            withGraph(
                graph()
                    .addNode(
                        NodeProto.newBuilder()
                            .setOpType("Constant")
                            .addOutput("c")
                            .addAttribute(constant)))),
        message);
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT16", "BFLOAT16", "DOUBLE"})
  void computesOtherFloatsInFloat32(TensorProto.DataType type) throws IOException {
    Path file = write(withGraph(graph().setInput(0, Networks.value("in", type, true))));

    try (InferenceSession session = Networks.open(file)) {
      assertThat(session.input().type()).hasValue(ElementType.FLOAT32);
    }
  }

  @Test
  void rejectsAnIntegerInput() throws IOException {
    Path file =
        write(
            withGraph(graph().setInput(0, Networks.value("in", TensorProto.DataType.UINT8, true))));

    assertRefused(
        file,
        "backend opencv-dnn needs the input \"in\" of %s to be a tensor of float32, float64, float16,"
            + " bfloat16, found uint8. Export the network with such an input.");
  }

  @Test
  void rejectsSeveralInputs() throws IOException {
    Path file =
        write(
            withGraph(graph().addInput(Networks.value("also", TensorProto.DataType.FLOAT, true))));

    assertRefused(
        file,
        "backend opencv-dnn needs one input named \"in\", found [also, in] in %s. A network with "
            + "several inputs cannot be used.");
  }

  @Test
  void rejectsASequence() throws IOException {
    TypeProto sequence =
        TypeProto.newBuilder().setSequenceType(TypeProto.Sequence.getDefaultInstance()).build();
    Path file =
        write(withGraph(graph().setOutput(0, graph().getOutput(0).toBuilder().setType(sequence))));

    assertRefused(
        file,
        "backend opencv-dnn needs the output \"out\" of %s to be a tensor of numbers, found a value that is not a tensor."
            + " Choose another output (output.name on a card).");
  }

  @Test
  void rejectsAGpu() throws IOException {
    Path file = write(Networks.of(Networks.node("Relu", "in", "out")));

    assertThatThrownBy(
            () -> Networks.open(Networks.context(file, "in", "out").device(Device.cuda(0))).close())
        .isInstanceOf(ModelLoadException.class)
        .hasMessage(
            "model test: device cuda:0 is not available: backend opencv-dnn runs on the CPU. Choose cpu"
                + " or auto.");
  }
}
