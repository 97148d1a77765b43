package io.github.pixelwise.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import io.github.pixelwise.LabelMap;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelFormat;
import io.github.pixelwise.model.OutputSpec;
import io.github.pixelwise.model.SizeRule;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Networks that tell red, green, and blue apart: their logits are the channels, or reversed. */
final class ToyNetwork {
  /** A red, a green, and a blue pixel, of classes 0, 1, and 2. */
  static final RgbImage PHOTO =
      RgbImage.of(3, 1, new byte[] {(byte) 200, 10, 20, 10, (byte) 200, 20, 10, 20, (byte) 200});

  private ToyNetwork() {}

  static InputSpec.Builder input() {
    return InputSpec.builder("x", SizeRule.fixed(3, 1));
  }

  static ModelCard card(Path file, InputSpec input) {
    return ModelCard.builder(
            "toy", input, OutputSpec.logits("y", 1), LabelMap.of(List.of("red", "green", "blue")))
        .file(ModelFormat.ONNX, file)
        .build();
  }

  /** The weights, as bytes, of a convolution that keeps the channels or reverses their order. */
  static byte[] weights(boolean turned) {
    ByteBuffer bytes = ByteBuffer.allocate(9 * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int row = 0; row < 3; row++) {
      for (int column = 0; column < 3; column++) {
        bytes.putFloat(column == (turned ? 2 - row : row) ? 1 : 0);
      }
    }
    return bytes.array();
  }

  /** A network that casts its input to float32 and then convolves it. */
  static byte[] casting(TensorProto.DataType type) {
    return network(type, TensorProto.newBuilder().setRawData(ByteString.copyFrom(weights(false))));
  }

  /** A network whose weights are in another file. */
  static byte[] external(String location) {
    return network(
        TensorProto.DataType.FLOAT,
        TensorProto.newBuilder()
            .setDataLocation(TensorProto.DataLocation.EXTERNAL)
            .addExternalData(
                StringStringEntryProto.newBuilder().setKey("location").setValue(location)));
  }

  /** Writes a network, and its weights in a file next to it. */
  static Path writeExternal(Path file, String location) throws IOException {
    Path weights = file.resolveSibling(location);
    Files.createDirectories(weights.getParent());
    Files.write(weights, weights(false));
    return Files.write(file, external(location));
  }

  private static byte[] network(TensorProto.DataType type, TensorProto.Builder weights) {
    weights.setName("w").setDataType(TensorProto.DataType.FLOAT.getNumber());
    Stream.of(3L, 3L, 1L, 1L).forEach(weights::addDims);
    return ModelProto.newBuilder()
        .setIrVersion(8)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(13))
        .setGraph(
            GraphProto.newBuilder()
                .setName("toy")
                .addInput(value("x", type))
                .addInitializer(weights)
                .addNode(
                    NodeProto.newBuilder()
                        .setOpType("Cast")
                        .addInput("x")
                        .addOutput("f")
                        .addAttribute(
                            AttributeProto.newBuilder()
                                .setName("to")
                                .setType(AttributeProto.AttributeType.INT)
                                .setI(TensorProto.DataType.FLOAT.getNumber())))
                .addNode(
                    NodeProto.newBuilder()
                        .setOpType("Conv")
                        .addInput("f")
                        .addInput("w")
                        .addOutput("y"))
                .addOutput(value("y", TensorProto.DataType.FLOAT)))
        .build()
        .toByteArray();
  }

  private static ValueInfoProto value(String name, TensorProto.DataType type) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    shape.addDimBuilder().setDimValue(1);
    shape.addDimBuilder().setDimValue(3);
    shape.addDimBuilder().setDimParam("h");
    shape.addDimBuilder().setDimParam("w");
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder().setElemType(type.getNumber()).setShape(shape)))
        .build();
  }
}
