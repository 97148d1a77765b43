package io.github.pixelwise.opencv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import io.github.pixelwise.model.FloatTensor;
import io.github.pixelwise.spi.InferenceSession;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Networks with variable sides that compute with them. The network and its answers are PyTorch's,
 * see {@code src/test/python/dynamic_golden.py}.
 */
class DynamicAxesTest {
  private static final Path GOLDEN =
      Path.of("src/test/resources/io/github/pixelwise/opencv").toAbsolutePath();
  private static final Path NETWORK = GOLDEN.resolve("dynamic.onnx");
  private static final int[][] SIZES = {{12, 16}, {17, 9}, {12, 16}};

  @TempDir private Path folder;

  private static FloatTensor golden(int[] size, int channels, String name) throws IOException {
    Path file = GOLDEN.resolve("%dx%d.%s.bin".formatted(size[0], size[1], name));
    float[] values = new float[2 * channels * size[0] * size[1]];
    ByteBuffer.wrap(Files.readAllBytes(file))
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer()
        .get(values);
    return FloatTensor.of(values, 2, channels, size[0], size[1]);
  }

  private static void assertAnswers(Path network, String output) throws IOException {
    try (InferenceSession session = Networks.open(Networks.context(network, "image", output))) {
      for (int[] size : SIZES) {
        FloatTensor expected = golden(size, 5, output);
        FloatTensor actual = session.run(golden(size, 3, "in"));
        assertThat(actual.shape()).isEqualTo(expected.shape());
        assertThat(actual.toFloatArray()).containsExactly(expected.toFloatArray(), within(1e-5f));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"out", "aux"})
  void equalsPyTorchAtEverySize(String output) throws IOException {
    assertAnswers(NETWORK, output);
  }

  @Test
  void ignoresSidesOfAnotherInputSize() throws IOException {
    ModelProto.Builder network = ModelProto.parseFrom(Files.readAllBytes(NETWORK)).toBuilder();
    network
        .getGraphBuilder()
        .clearValueInfo()
        .getNodeList()
        .forEach(
            node -> {
              ValueInfoProto.Builder stale =
                  Networks.value(node.getOutput(0), TensorProto.DataType.FLOAT, true).toBuilder();
              TensorShapeProto.Builder shape =
                  stale.getTypeBuilder().getTensorTypeBuilder().getShapeBuilder();
              shape.getDimBuilderList().forEach(side -> side.setDimValue(77));
              network.getGraphBuilder().addValueInfo(stale);
            });
    assertAnswers(Files.write(folder.resolve("stale.onnx"), network.build().toByteArray()), "out");
  }

  @Test
  void ignoresWeightsAmongTheInputs() throws IOException {
    ModelProto.Builder network = ModelProto.parseFrom(Files.readAllBytes(NETWORK)).toBuilder();
    network
        .getGraphBuilder()
        .getInitializerList()
        .forEach(
            weight -> {
              TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
              weight.getDimsList().forEach(side -> shape.addDimBuilder().setDimValue(side));
              ValueInfoProto.Builder input =
                  Networks.value(weight.getName(), TensorProto.DataType.FLOAT, false).toBuilder();
              input
                  .getTypeBuilder()
                  .getTensorTypeBuilder()
                  .setElemType(weight.getDataType())
                  .setShape(shape);
              network.getGraphBuilder().addInput(0, input);
            });
    assertAnswers(Files.write(folder.resolve("old.onnx"), network.build().toByteArray()), "out");
  }
}
