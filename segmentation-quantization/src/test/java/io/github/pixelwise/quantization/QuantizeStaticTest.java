package io.github.pixelwise.quantization;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnxruntime.OrtEnvironment;
import io.github.pixelwise.model.FloatTensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compares with ONNX Runtime's own quantization, see quantize_golden.py. */
class QuantizeStaticTest {
  private static final int PIXELS = 3 * 12 * 16;

  @TempDir private static Path folder;

  private static Map<String, TensorProto> minMax = Map.of();
  private static Map<String, TensorProto> percentile = Map.of();
  private static List<String[]> golden = List.of();

  @BeforeAll
  static void quantize() throws IOException {
    minMax = quantized(100);
    percentile = quantized(99);
    golden =
        new String(resource("golden.txt"), StandardCharsets.UTF_8)
            .lines()
            .map(line -> line.split(" ", -1))
            .toList();
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = QuantizeStaticTest.class.getResourceAsStream(name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    }
  }

  private static Map<String, TensorProto> quantized(double kept) throws IOException {
    ModelProto network = ModelProto.parseFrom(resource("network.onnx"));
    Placement placement = Placement.of(new Graph(network.getGraph()), 1);
    ChannelMeans none = new ChannelMeans(Map.of());
    Observations observations =
        new Observations(
            new Activations(network, OrtEnvironment.getEnvironment(), folder), images(), none);
    Ranges ranges = Ranges.of(observations, placement, Equalization.none(), kept);
    GraphProto graph = new QdqGraph(network.getGraph(), placement, ranges, none, "").write();
    return graph.getInitializerList().stream()
        .collect(Collectors.toMap(TensorProto::getName, constant -> constant));
  }

  private static Activations.Inputs images() throws IOException {
    float[] values = new float[2 * PIXELS];
    ByteBuffer.wrap(resource("images.f32"))
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer()
        .get(values);
    return new Pictures(
        List.of(
            FloatTensor.of(Arrays.copyOf(values, PIXELS), 1, 3, 12, 16),
            FloatTensor.of(Arrays.copyOfRange(values, PIXELS, 2 * PIXELS), 1, 3, 12, 16)));
  }

  private static List<String[]> golden(String... start) {
    return golden.stream()
        .filter(line -> Arrays.equals(Arrays.copyOf(line, start.length), start))
        .toList();
  }

  private static TensorProto constant(Map<String, TensorProto> graph, String name) {
    return Objects.requireNonNull(graph.get(name), name);
  }

  private static void requireSteps(Map<String, TensorProto> graph, String method) {
    assertThat(golden("steps", method))
        .hasSize(7)
        .allSatisfy(
            line -> {
              float scale = OnnxTensors.floats(constant(graph, line[2] + "_scale"))[0];
              int zero = constant(graph, line[2] + "_zero_point").getRawData().byteAt(0) & 0xff;
              assertThat(scale / Float.parseFloat(line[3])).isCloseTo(1, Offset.offset(2e-6f));
              assertThat(zero).isEqualTo(Integer.parseInt(line[4]));
            });
  }

  @Test
  void minMaxGivesTensorsTheSameSteps() {
    requireSteps(minMax, "min-max");
  }

  @Test
  void percentileGivesTensorsTheSameSteps() {
    requireSteps(percentile, "percentile");
  }

  @Test
  void weightsBecomeTheSameBytes() {
    assertThat(golden("bytes"))
        .hasSize(4)
        .allSatisfy(
            line ->
                assertThat(
                        HexFormat.of()
                            .formatHex(
                                constant(minMax, line[1] + "_quantized")
                                    .getRawData()
                                    .toByteArray()))
                    .isEqualTo(line[2]));
  }

  @Test
  void channelsOfWeightsHaveTheSameScales() {
    assertThat(golden("scales"))
        .hasSize(4)
        .allSatisfy(
            line -> {
              float[] scales = OnnxTensors.floats(constant(minMax, line[1] + "_quantized_scale"));
              assertThat(scales).hasSize(line.length - 2);
              for (int c = 0; c < scales.length; c++) {
                assertThat(scales[c] / Float.parseFloat(line[2 + c]))
                    .isCloseTo(1, Offset.offset(2e-6f));
              }
            });
  }

  @Test
  void biasesBecomeTheSameNumbers() {
    assertThat(golden("bias"))
        .hasSize(4)
        .allSatisfy(
            line -> {
              ByteBuffer raw =
                  constant(minMax, line[1] + "_quantized")
                      .getRawData()
                      .asReadOnlyByteBuffer()
                      .order(ByteOrder.LITTLE_ENDIAN);
              for (int c = 2; c < line.length; c++) {
                assertThat(raw.getInt()).isCloseTo(Integer.parseInt(line[c]), Offset.offset(1));
              }
            });
  }

  @Test
  void tensorsThatAreOnlyMovedShareTheirSteps() {
    assertThat(minMax).containsKey("f_scale").doesNotContainKey("g_scale");
  }

  @Test
  void floatWeightsAreLeftOut() {
    assertThat(minMax)
        .containsKeys("begin.weight", "end.weight")
        .doesNotContainKeys("first.weight", "first.bias", "last.weight");
  }
}
