package io.github.pixelwise.network.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pixelwise.model.GridAlignment;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.SizeRule;
import io.github.pixelwise.network.Kernel;
import io.github.pixelwise.network.Layer;
import io.github.pixelwise.network.Network;
import io.github.pixelwise.network.Operation.Activation;
import io.github.pixelwise.network.Parameter;
import io.github.pixelwise.network.Weights;
import io.github.pixelwise.network.checkpoint.WeightTensor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TorchScriptWriterTest {
  private static final Layer IMAGE =
      Layer.input(3, InputSpec.builder("image", SizeRule.longEdge(64).withMultiple(8, 0)).build());

  @TempDir private Path folder;

  /** The same number everywhere. */
  private record EqualNumbers(List<Integer> shape, float number) implements WeightTensor {
    @Override
    public String type() {
      return "float32";
    }

    @Override
    public float[] values() {
      float[] values = new float[shape.stream().reduce(1, Math::multiplyExact)];
      Arrays.fill(values, number);
      return values;
    }
  }

  private static Layer pointwise(String name, Layer from) {
    return from.convolution(name, 2, Kernel.of(1).withBias());
  }

  private static Network network(Layer output) {
    return Network.of("test", output);
  }

  private static Weights weights(Network network, float number) {
    Map<String, WeightTensor> tensors = new HashMap<>();
    for (Parameter parameter : network.parameters()) {
      tensors.put(parameter.name(), new EqualNumbers(parameter.shape(), number));
    }
    return Weights.of(network, tensors);
  }

  private static byte[] write(Layer output, Precision precision) throws IOException {
    Network network = network(output);
    Program program = Lowering.of(network, weights(network, 1.5f), Scores.INPUT);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    TorchScriptWriter.write(program, precision, Map.of("source", "a\\b"), out);
    return out.toByteArray();
  }

  private static Map<String, byte[]> read(byte[] archive) throws IOException {
    Map<String, byte[]> contents = new LinkedHashMap<>();
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        assertThat(entry.getMethod()).isEqualTo(ZipEntry.STORED);
        contents.put(entry.getName(), zip.readAllBytes());
      }
    }
    return contents;
  }

  private static List<String> code(Layer output, Precision precision) throws IOException {
    byte[] code = read(write(output, precision)).get("network/code/__torch__.py");
    return new String(code, StandardCharsets.UTF_8).lines().map(String::strip).toList();
  }

  @Test
  void anArchiveHasNothingButWhatPyTorchReads() throws IOException {
    Map<String, byte[]> contents = read(write(pointwise("last", IMAGE), Precision.FLOAT32));

    assertThat(contents.keySet())
        .containsExactly(
            "network/version",
            "network/code/__torch__.py",
            "network/constants.pkl",
            "network/data.pkl",
            "network/extra/card.properties",
            "network/data/0",
            "network/data/1");
    assertThat(contents.get("network/version")).asString().isEqualTo("3\n");
    assertThat(contents.get("network/extra/card.properties"))
        .asString()
        .isEqualTo("source = a\\\\b\n");
  }

  @Test
  void weightsAreStoredInTheirPrecision() throws IOException {
    Layer last = pointwise("last", IMAGE);

    // 1.5 in each type.
    assertThat(read(write(last, Precision.FLOAT32)).get("network/data/1"))
        .containsExactly(0, 0, 0xc0, 0x3f, 0, 0, 0xc0, 0x3f);
    assertThat(read(write(last, Precision.FLOAT16)).get("network/data/1"))
        .containsExactly(0, 0x3e, 0, 0x3e);
    assertThat(read(write(last, Precision.BFLOAT16)).get("network/data/1"))
        .containsExactly(0xc0, 0x3f, 0xc0, 0x3f);
  }

  @Test
  void contentsAreAligned() throws IOException {
    ByteBuffer archive =
        ByteBuffer.wrap(write(pointwise("last", IMAGE), Precision.FLOAT32))
            .order(ByteOrder.LITTLE_ENDIAN);
    int entries = 0;
    int localHeader = 0x04034b50;
    for (int start = 0; archive.getInt(start) == localHeader; entries++) {
      int length = archive.getInt(start + 18);
      int content = start + 30 + archive.getShort(start + 26) + archive.getShort(start + 28);
      assertThat(content % 64).isZero();
      start = content + length;
    }
    assertThat(entries).isEqualTo(7);
  }

  @Test
  void equalNetworksGiveEqualBytesInEveryTimeZone() throws IOException {
    TimeZone before = TimeZone.getDefault();
    try {
      TimeZone.setDefault(TimeZone.getTimeZone("Asia/Kolkata"));
      byte[] once = write(pointwise("last", IMAGE), Precision.FLOAT16);
      TimeZone.setDefault(TimeZone.getTimeZone("America/New_York"));
      byte[] again = write(pointwise("last", IMAGE), Precision.FLOAT16);

      assertThat(Arrays.equals(again, once)).isTrue();
    } finally {
      TimeZone.setDefault(before);
    }
  }

  @Test
  void resultsAreOverwrittenWhereNothingElseNeedsThem() throws IOException {
    Layer first = pointwise("first", IMAGE);
    Layer second = pointwise("second", first.relu());

    assertThat(code(pointwise("last", second.plus(first)), Precision.FLOAT32))
        .as("first is used twice, second once")
        .contains("v_v1 = torch.relu(v_v0)", "v_v3 = torch.add_(v_v2, v_v0)");
    assertThat(code(pointwise("last", IMAGE.relu()), Precision.FLOAT32))
        .as("the input is the caller's")
        .contains("v_v0 = torch.relu(v_image)");
    assertThat(code(first.activation(Activation.SIGMOID).relu(), Precision.FLOAT32))
        .as("training needs what activations give")
        .contains(
            "v_v1 = torch.sigmoid_(torch.contiguous(v_v0, memory_format=0))",
            "v_scores = torch.relu(v_v1)");
  }

  @Test
  void bfloat16EndsWithTheLastConvolution() throws IOException {
    Layer small = pointwise("last", IMAGE.maxPool(8, 8, 0));

    assertThat(code(small.upsampleTo(IMAGE, GridAlignment.ALIGNED_CORNERS), Precision.BFLOAT16))
        .containsSubsequence(
            "v_image = torch.to(input, 15, False, False, 2)",
            "v_v0 = torch.max_pool2d(v_image, [8, 8], [8, 8], [0, 0], [1, 1], False)",
            "v_v1 = torch.conv2d(v_v0, self.last_weight, self.last_bias, [1, 1], [0, 0], [1, 1], 1)",
            "v_scores = torch.upsample_bilinear2d(torch.to(v_v1, 6, False, False, 0), None, True,"
                + " [8., 8.])",
            "return v_scores");
  }

  @Test
  void bfloat16BeginsWithTheFirstCoarseGrid() throws IOException {
    Layer fine = pointwise("fine", IMAGE.maxPool(4, 4, 0));
    Layer coarse = pointwise("coarse", fine.maxPool(2, 2, 0));
    Layer output =
        pointwise("last", Layer.concatenate(fine, coarse.upsample(2, GridAlignment.HALF_PIXEL)));

    assertThat(code(output, Precision.BFLOAT16))
        .containsSubsequence(
            "v_image = torch.contiguous(input, memory_format=2)",
            "v_v1 = torch.conv2d(v_v0, self.fine_weight, self.fine_bias, [1, 1], [0, 0], [1, 1], 1)",
            "v_v1 = torch.to(v_v1, 15)",
            "v_v2 = torch.max_pool2d(v_v1, [2, 2], [2, 2], [0, 0], [1, 1], False)",
            "v_v5 = torch.cat([v_v1, v_v4], 1)",
            "return torch.to(v_scores, 6, False, False, 0)");
    Map<String, byte[]> contents = read(write(output, Precision.BFLOAT16));
    assertThat(contents.get("network/data/1")).as("fine.bias").hasSize(2 * Float.BYTES);
    assertThat(contents.get("network/data/3")).as("coarse.bias").hasSize(2 * Short.BYTES);
    assertThat(contents.get("network/data.pkl"))
        .asString(StandardCharsets.ISO_8859_1)
        .containsSubsequence("fine_weight", "FloatStorage", "coarse_weight", "BFloat16Storage");
  }

  @Test
  void halvesAreConvertedWhenTheyAreLoaded() throws IOException {
    assertThat(code(pointwise("last", IMAGE), Precision.FLOAT16))
        .contains(
            "return [self.last_weight, self.last_bias, ]",
            "self.last_weight = torch.to(state[0], 6)",
            "self.last_bias = torch.to(state[1], 6)");
  }

  @Test
  void namesThatTorchScriptDoesNotTakeAreReplaced() throws IOException {
    assertThat(code(pointwise("0.conv-a", IMAGE), Precision.FLOAT32))
        .contains("__parameters__ = [\"_0_conv_a_weight\", \"_0_conv_a_bias\", ]");
  }

  @Test
  void weightsOfOneNameInTorchScriptAreRefused() {
    Layer output = pointwise("a.b", pointwise("a_b", IMAGE));

    assertThatThrownBy(() -> write(output, Precision.FLOAT32))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "network test has two weights named a_b_weight in TorchScript; rename the layer of"
                + " a.b.weight");
  }

  @Test
  void aFailureLeavesNoFile() {
    Network network = network(pointwise("last", IMAGE));
    Conversion conversion =
        Conversion.of(network, weights(network, 1e6f)).precision(Precision.FLOAT16);

    assertThatThrownBy(() -> conversion.write(folder))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "last.weight contains 1000000.0, which is too large for float16; use float32 weights");
    assertThat(folder).isEmptyDirectory();
  }
}
