package io.github.pixelwise.network.convert;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.SizeRule;
import io.github.pixelwise.network.Layer;
import io.github.pixelwise.network.Network;
import io.github.pixelwise.network.NetworkOptions;
import io.github.pixelwise.network.Networks;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * That the engines read what is written, and compute the same: ZooFormsTest of the integration
 * tests.
 */
class OnnxWriterTest {
  private static final String LRASPP = "lraspp-mobilenet-v3-large";
  private static final SizeRule FREE = SizeRule.shortEdge(520);

  static List<String> names() {
    return Networks.names();
  }

  private static Network network(String name, SizeRule size) {
    return Networks.of(name, NetworkOptions.ofClasses(3).withWidth(1 / 32.0).withSize(size));
  }

  private static ModelProto written(
      Network network, Scores scores, Precision precision, Map<String, String> metadata)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Program program = Lowering.of(network, Numbers.weights(network), scores);
    OnnxWriter.write(program, precision, metadata, out);
    return ModelProto.parseFrom(out.toByteArray());
  }

  private static GraphProto graph(String name, SizeRule size) throws IOException {
    Network network = network(name, size);
    return written(network, Scores.GRID, Precision.FLOAT32, Map.of()).getGraph();
  }

  private static List<String> operations(GraphProto graph) {
    return graph.getNodeList().stream().map(NodeProto::getOpType).toList();
  }

  /** The axes' lengths, or their names. */
  private static List<String> axes(ValueInfoProto value) {
    return value.getType().getTensorType().getShape().getDimList().stream()
        .map(OnnxWriterTest::length)
        .toList();
  }

  private static String length(Dimension dimension) {
    return dimension.hasDimValue()
        ? Long.toString(dimension.getDimValue())
        : dimension.getDimParam();
  }

  private static void requireSound(GraphProto graph) {
    Set<String> known = new HashSet<>();
    known.add("");
    known.add(graph.getInput(0).getName());
    for (TensorProto tensor : graph.getInitializerList()) {
      assertThat(known.add(tensor.getName())).as(tensor.getName()).isTrue();
    }
    Set<String> used = new HashSet<>();
    for (NodeProto node : graph.getNodeList()) {
      assertThat(known).containsAll(node.getInputList());
      used.addAll(node.getInputList());
      assertThat(known.add(node.getOutput(0))).as(node.getOutput(0)).isTrue();
    }
    used.add(graph.getOutput(0).getName());
    known.remove("");
    used.remove("");
    assertThat(used).isEqualTo(known);
  }

  @ParameterizedTest
  @MethodSource("names")
  void everyValueHasOneNameComesBeforeItsUseAndIsUsed(String name) throws IOException {
    Network network = Networks.of(name, NetworkOptions.ofClasses(3).withWidth(1 / 32.0));
    for (Scores scores : Scores.values()) {
      for (Precision precision : List.of(Precision.FLOAT32, Precision.FLOAT16)) {
        requireSound(written(network, scores, precision, Map.of()).getGraph());
      }
    }
  }

  /**
   * Attention joins heads into a grid, and adaptive pools divide one, whose sides they must know.
   */
  static List<String> convolutional() {
    return Networks.names().stream()
        .filter(name -> !name.matches("(segformer|upernet)-.*"))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("convolutional")
  void noShapesAreComputedWhereSidesAreMultiples(String name) throws IOException {
    SizeRule size = SizeRule.shortEdge(512).withMultiple(32, 0);

    assertThat(operations(graph(name, size))).doesNotContain("Shape", "Slice");
  }

  @ParameterizedTest
  @MethodSource("names")
  void noShapesAreComputedWhereThereIsOneSize(String name) throws IOException {
    assertThat(operations(graph(name, SizeRule.fixed(288, 96)))).doesNotContain("Shape", "Slice");
  }

  @Test
  void segFormerTakesAnyFixedSize() throws IOException {
    GraphProto odd = graph("segformer-b0", SizeRule.fixed(125, 83));

    assertThat(operations(odd)).doesNotContain("Shape", "Slice");
    requireSound(odd);
  }

  @Test
  void gridsWithoutAFactorTakeTheirSidesFromEachOther() throws IOException {
    GraphProto free = graph(LRASPP, FREE);
    GraphProto fixed = graph(LRASPP, SizeRule.fixed(305, 65));

    assertThat(operations(free)).contains("Shape", "Slice");
    requireSound(free);
    assertThat(operations(fixed)).contains("Resize").doesNotContain("Shape", "Slice");
    requireSound(fixed);
  }

  /** OpenCV does not read the attribute of an average pool that would count it. */
  @Test
  void paddingThatCountsTowardAMeanIsAddedBeforeIt() throws IOException {
    Layer image = Layer.input(3, InputSpec.builder("image", SizeRule.fixed(12, 8)).build());
    Network network = Network.of("mean", image.averagePool(3, 2, 1));

    GraphProto graph = written(network, Scores.GRID, Precision.FLOAT32, Map.of()).getGraph();

    requireSound(graph);
    assertThat(operations(graph)).containsExactly("Pad", "AveragePool");
    assertThat(graph.getInitializer(0).getInt64DataList())
        .containsExactly(0L, 0L, 1L, 1L, 0L, 0L, 1L, 1L);
    assertThat(integers(graph.getNode(1), "pads")).containsExactly(0L, 0L, 0L, 0L);
  }

  @Test
  void meansWithoutPaddingNeedNoneBefore() throws IOException {
    Layer image = Layer.input(3, InputSpec.builder("image", SizeRule.fixed(12, 8)).build());
    Network network = Network.of("mean", image.averagePool(2, 2, 0));

    GraphProto graph = written(network, Scores.GRID, Precision.FLOAT32, Map.of()).getGraph();

    assertThat(operations(graph)).containsExactly("AveragePool");
  }

  private static List<Long> integers(NodeProto node, String attribute) {
    return node.getAttributeList().stream()
        .filter(each -> each.getName().equals(attribute))
        .findFirst()
        .orElseThrow()
        .getIntsList();
  }

  @Test
  void axesAreOpenOrFixed() throws IOException {
    GraphProto free = graph(LRASPP, FREE);
    assertThat(axes(free.getInput(0))).containsExactly("batch", "3", "height", "width");
    assertThat(axes(free.getOutput(0))).containsExactly("batch", "3", "grid_height", "grid_width");

    GraphProto factors = graph(LRASPP, SizeRule.fixed(320, 64));
    assertThat(axes(factors.getInput(0))).containsExactly("batch", "3", "64", "320");
    assertThat(axes(factors.getOutput(0))).containsExactly("batch", "3", "8", "40");

    // A size that is written down has the batch in it.
    GraphProto sizes = graph(LRASPP, SizeRule.fixed(305, 65));
    assertThat(axes(sizes.getInput(0))).containsExactly("1", "3", "65", "305");
    assertThat(axes(sizes.getOutput(0))).containsExactly("1", "3", "9", "39");
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT32", "FLOAT16"})
  void weightsAreStoredInThePrecisionAndComputedInFloat32(Precision precision) throws IOException {
    Network network = network("deeplabv3-resnet50", FREE);
    GraphProto graph = written(network, Scores.GRID, precision, Map.of()).getGraph();
    TensorProto stem =
        graph.getInitializerList().stream()
            .filter(tensor -> tensor.getName().startsWith("backbone.conv1.weight"))
            .findFirst()
            .orElseThrow();
    boolean half = precision == Precision.FLOAT16;

    assertThat(stem.getDataType())
        .isEqualTo((half ? TensorProto.DataType.FLOAT16 : TensorProto.DataType.FLOAT).getNumber());
    assertThat(stem.getDimsList()).containsExactly(2L, 3L, 7L, 7L);
    assertThat(stem.getRawData().size()).isEqualTo(294 * precision.bytes());
    assertThat(operations(graph).stream().filter("Cast"::equals).count())
        .isEqualTo(half ? graph.getInitializerCount() : 0);
  }

  @Test
  void batchNormIsInTheConvolutions() throws IOException {
    GraphProto graph = graph("deeplabv3-resnet50", FREE);

    // ResNet-50 has 53; the head five branches, their projection in two parts, and two more.
    assertThat(operations(graph).stream().filter("Conv"::equals).count()).isEqualTo(62);
    assertThat(operations(graph)).doesNotContain("BatchNormalization", "Resize");
  }

  @Test
  void metadataAreWrittenInTheirOrder() throws IOException {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("name", "tiny");
    metadata.put("description", "ä \u20ac");
    metadata.put("labels", "a, b");

    ModelProto model = written(network(LRASPP, FREE), Scores.GRID, Precision.FLOAT32, metadata);

    assertThat(model.getMetadataPropsList())
        .extracting(StringStringEntryProto::getKey)
        .containsExactly("name", "description", "labels");
    assertThat(model.getMetadataProps(1).getValue()).isEqualTo("ä \u20ac");
    assertThat(model.getOpsetImport(0).getVersion()).isEqualTo(14);
  }
}
