package io.github.pixelwise.quantization;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.github.pixelwise.model.FloatTensor;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EqualizationTest {
  private static final int CHANNELS = 8;
  private static final int SIDE = 12;

  @TempDir private Path folder;

  private final GraphProto.Builder graph = GraphProto.newBuilder().setName("network");
  private final Random random = new Random(1);

  EqualizationTest() {
    conv("image", "photo", 1); // the first convolution, which stays float
  }

  private NodeProto.Builder node(String type, String result, String... inputs) {
    return graph.addNodeBuilder().setOpType(type).addAllInput(List.of(inputs)).addOutput(result);
  }

  /** A convolution whose channels have larger values the further back they are. */
  private void conv(String result, String input, double growth) {
    conv(result, input, growth, CHANNELS, 1);
  }

  private void conv(String result, String input, double growth, int inputs, int groups) {
    float[] weights = new float[CHANNELS * inputs];
    for (int i = 0; i < weights.length; i++) {
      int channel = i / inputs;
      weights[i] = (float) (random.nextGaussian() * Math.pow(growth, channel));
    }
    graph.addInitializer(
        OnnxTensors.of(result + ".weight", weights).toBuilder()
            .clearDims()
            .addAllDims(List.of((long) CHANNELS, (long) inputs, 1L, 1L)));
    node("Conv", result, input, result + ".weight").addAttribute(attribute("group", groups));
  }

  private static AttributeProto attribute(String name, int value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INT)
        .setI(value)
        .build();
  }

  /**
   * The last convolution, which stays float, and the one before it, which gives small channels
   * weight.
   */
  private void last(String input) {
    conv("last", input, 1);
    conv("scores", "last", 1);
  }

  private GraphProto network() {
    return graph
        .addInput(value("photo", 1, CHANNELS, SIDE, SIDE))
        .addOutput(value("scores", 1, CHANNELS, SIDE, SIDE))
        .build();
  }

  private static ValueInfoProto value(String name, int... shape) {
    TypeProto.Tensor.Builder tensor =
        TypeProto.Tensor.newBuilder().setElemType(TensorProto.DataType.FLOAT.getNumber());
    for (int side : shape) {
      tensor.getShapeBuilder().addDimBuilder().setDimValue(side);
    }
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }

  private static Map<String, Integer> channels(GraphProto network) {
    Graph graph = new Graph(network);
    return Equalization.of(graph, Placement.of(graph, 1)).channels();
  }

  /** The error of int8 scores, as a share of the scores' own deviation. */
  private double error(GraphProto network, boolean isEqualized) throws IOException, OrtException {
    Graph parsed = new Graph(network);
    Placement placement = Placement.of(parsed, 1);
    Equalization equalization =
        isEqualized ? Equalization.of(parsed, placement) : Equalization.none();
    ModelProto model = model(network);
    float[] image = image();
    ChannelMeans means = new ChannelMeans(placement.inputChannels());
    Ranges ranges = ranges(model, placement, image, equalization, means, 100);
    GraphProto small = new QdqGraph(network, placement, ranges, means, "").write();
    float[] expected = run(model, image);
    float[] actual = run(model.toBuilder().setGraph(small).build(), image);
    double wrong = 0;
    double all = 0;
    for (int i = 0; i < expected.length; i++) {
      wrong += Math.pow(actual[i] - expected[i], 2);
      all += Math.pow(expected[i], 2);
    }
    return Math.sqrt(wrong / all);
  }

  private static ModelProto model(GraphProto network) {
    return ModelProto.newBuilder()
        .setIrVersion(8)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(13))
        .setGraph(network)
        .build();
  }

  private float[] image() {
    float[] image = new float[CHANNELS * SIDE * SIDE];
    for (int i = 0; i < image.length; i++) {
      image[i] = (float) random.nextGaussian();
    }
    return image;
  }

  private Ranges ranges(
      ModelProto model,
      Placement placement,
      float[] image,
      Equalization equalization,
      ChannelMeans means,
      double percentile)
      throws IOException {
    Observations observations =
        new Observations(
            new Activations(model, OrtEnvironment.getEnvironment(), folder),
            new Pictures(List.of(FloatTensor.of(image, 1, CHANNELS, SIDE, SIDE))),
            means);
    return Ranges.of(observations, placement, equalization, percentile);
  }

  private static float[] run(ModelProto model, float[] image) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession session = environment.createSession(model.toByteArray());
        OnnxTensor input =
            OnnxTensor.createTensor(
                environment, FloatBuffer.wrap(image), new long[] {1, CHANNELS, SIDE, SIDE});
        OrtSession.Result result = session.run(Map.of("photo", input))) {
      FloatBuffer scores = ((OnnxTensor) result.get(0)).getFloatBuffer();
      float[] values = new float[scores.remaining()];
      scores.get(values);
      return values;
    }
  }

  @Test
  void smallChannelsBesideLargeOnesKeepTheirBits() throws IOException, OrtException {
    conv("a", "image", 4); // the last channel's values are 16,384 times the first's
    node("Relu", "b", "a");
    conv("c", "b", 1, 1, CHANNELS);
    node("HardSigmoid", "gate", "c");
    node("Mul", "d", "c", "gate");
    last("d");
    // Weights bring all channels back to the same size.
    GraphProto network = balanced(network());

    double before = error(network, false);

    assertThat(before).isGreaterThan(0.1);
    assertThat(error(network, true)).isLessThan(before / 4);
  }

  /** With the last convolution but one looking at all channels alike, whatever their size. */
  private static GraphProto balanced(GraphProto network) {
    GraphProto.Builder balanced = network.toBuilder();
    for (TensorProto.Builder weights : balanced.getInitializerBuilderList()) {
      if (weights.getName().equals("last.weight")) {
        float[] values = OnnxTensors.floats(weights.build());
        for (int i = 0; i < values.length; i++) {
          values[i] /= (float) Math.pow(4, i % CHANNELS);
        }
        weights.setRawData(OnnxTensors.of("", values).getRawData());
      }
    }
    return balanced.build();
  }

  @Test
  void tensorsThatAreAddedHaveTheSameFactors() {
    conv("a", "image", 4);
    conv("b", "a", 1);
    node("Add", "c", "a", "b");
    last("c");
    GraphProto network = network();
    Graph parsed = new Graph(network);
    Equalization equalization = Equalization.of(parsed, Placement.of(parsed, 1));

    assertThat(equalization.channels()).containsOnlyKeys("image", "a", "b", "c", "last");
    Map<String, Range[]> ranges = new HashMap<>();
    ranges.put("a", ranges(1, 8));
    ranges.put("b", ranges(2, 1));
    ranges.put("c", ranges(1, 1));
    Map<String, float[]> factors = equalization.factors(ranges);
    assertThat(factors.get("a")).isEqualTo(factors.get("b")).isEqualTo(factors.get("c"));
    float[] ofA = Objects.requireNonNull(factors.get("a"));
    assertThat(ofA[0]).isBetween(0.25f, 0.9f); // 2 of 8 in the widest, not all of it taken away
    assertThat(ofA[1]).isEqualTo(1);
  }

  private static Range[] ranges(float first, float others) {
    Range[] ranges = new Range[CHANNELS];
    Arrays.fill(ranges, new Range(0, others));
    ranges[0] = new Range(0, first);
    return ranges;
  }

  @Test
  void aChannelWithoutValuesIsNotDividedByZero() {
    conv("a", "image", 1);
    last("a");
    GraphProto network = network();
    Graph parsed = new Graph(network);

    Map<String, float[]> factors =
        Equalization.of(parsed, Placement.of(parsed, 1))
            .factors(Map.of("a", ranges(0, 0), "last", ranges(0, 2)));

    assertThat(factors.get("a")).containsOnly(1);
    assertThat(Objects.requireNonNull(factors.get("last"))[0]).isPositive();
  }

  @Test
  void aBoundOfAllChannelsLeavesThemAlone() {
    graph.addInitializer(OnnxTensors.ofFloat("zero", 0));
    graph.addInitializer(OnnxTensors.ofFloat("six", 6));
    conv("a", "image", 1);
    node("Clip", "b", "a", "zero", "six");
    last("b");

    assertThat(channels(network())).doesNotContainKey("b").containsKeys("image", "last");
  }

  @Test
  void joinedTensorsAreLeftAlone() {
    conv("a", "image", 1);
    conv("b", "image", 1);
    node("Concat", "c", "a", "b").addAttribute(attribute("axis", 1));
    conv("last", "c", 1, 2 * CHANNELS, 1);
    conv("scores", "last", 1);

    assertThat(channels(network())).containsOnlyKeys("image", "last");
  }

  @Test
  void whatIsAddedToAllChannelsIsLeftAlone() {
    conv("a", "image", 1);
    graph.addInitializer(
        OnnxTensors.of("map.weight", new float[CHANNELS]).toBuilder()
            .clearDims()
            .addAllDims(List.of(1L, (long) CHANNELS, 1L, 1L)));
    node("Conv", "map", "image", "map.weight");
    node("Add", "b", "a", "map");
    last("b");

    assertThat(channels(network())).containsOnlyKeys("image", "last");
  }

  @Test
  void aTensorOfSeveralPicturesIsLeftAlone() throws IOException, OrtException {
    conv("a", "image", 4);
    node("Neg", "b", "a");
    node("Concat", "both", "a", "b").addAttribute(attribute("axis", 0));
    conv("c", "both", 1);
    node("Relu", "d", "c");
    conv("e", "d", 1);
    graph.addInitializer(
        TensorProto.newBuilder()
            .setName("one")
            .setDataType(TensorProto.DataType.INT64.getNumber())
            .addDims(1)
            .addInt64Data(0));
    node("Gather", "first", "e", "one").addAttribute(attribute("axis", 0));
    conv("scores", "first", 1);

    assertThat(error(network(), true)).isLessThan(0.1);
  }

  @Test
  void aNumberAddedToAllChannelsHasNoFactors() throws IOException, OrtException {
    conv("a", "image", 4);
    node("GlobalMaxPool", "pooled", "image");
    node("ReduceMax", "number", "pooled").addAttribute(attribute("keepdims", 0));
    node("Add", "b", "a", "number");
    last("b");

    assertThat(error(network(), true)).isLessThan(0.2);
  }

  @Test
  void whatAGraphInsideANodeReadsIsLeftAlone() {
    conv("a", "image", 1);
    node("If", "b", "condition")
        .addAttribute(
            AttributeProto.newBuilder()
                .setName("then_branch")
                .setType(AttributeProto.AttributeType.GRAPH)
                .setG(
                    GraphProto.newBuilder()
                        .addNode(NodeProto.newBuilder().setOpType("Neg").addInput("a"))));
    last("b");

    assertThat(channels(network())).doesNotContainKey("a").containsKeys("b", "last");
  }

  @Test
  void anyOperatorInFloatReadsAndMakesWholeValues() throws IOException, OrtException {
    conv("a", "image", 4);
    node("LeakyRelu", "b", "a");
    last("b");
    GraphProto network = network();

    assertThat(channels(network)).containsOnlyKeys("image", "a", "b", "last");
    assertThat(error(network, true)).isLessThan(0.05);
  }

  @ParameterizedTest
  @ValueSource(doubles = {100, 99.99})
  void valuesThatHardSwishMakesZeroNeedNoSteps(double percentile) throws IOException {
    conv("a", "image", 2); // the last channel reaches beyond 100 on both sides
    node("HardSigmoid", "gate", "a")
        .addAttribute(
            AttributeProto.newBuilder()
                .setName("alpha")
                .setType(AttributeProto.AttributeType.FLOAT)
                .setF(1 / 6f));
    node("Mul", "b", "a", "gate");
    last("b");
    GraphProto network = network();
    Placement placement = Placement.of(new Graph(network), 1);

    Range.Steps steps =
        ranges(
                model(network),
                placement,
                image(),
                Equalization.none(),
                new ChannelMeans(Map.of()),
                percentile)
            .steps("a");

    assertThat(steps.scale() * 255).isGreaterThan(100);
    assertThat(steps.zero()).isEqualTo(Math.round(3 / steps.scale())).isLessThan(10);
  }

  @Test
  void nodesInFloatReadWhatNodesInFloatMakeAsItIs() throws IOException {
    node("LeakyRelu", "a", "image");
    node("Neg", "b", "a");
    last("a");
    GraphProto network = network();
    Placement placement = Placement.of(new Graph(network), 1);
    ChannelMeans means = new ChannelMeans(placement.inputChannels());
    Ranges ranges = ranges(model(network), placement, image(), Equalization.none(), means, 100);

    GraphProto small = new QdqGraph(network, placement, ranges, means, "").write();

    assertThat(inputs(small, "b")).containsExactly("a");
    assertThat(inputs(small, "last")).doesNotContain("a");
  }

  private static List<String> inputs(GraphProto network, String result) {
    return network.getNodeList().stream()
        .filter(node -> node.getOutputList().contains(result))
        .findFirst()
        .orElseThrow()
        .getInputList();
  }

  @Test
  void channelsThatATensorHasOnlyNowAreLookedAtAgain() throws IOException {
    conv("a", "image", 4);
    last("a");
    GraphProto network = network();
    Placement placement = Placement.of(new Graph(network), 1);
    Observations observations =
        new Observations(
            new Activations(model(network), OrtEnvironment.getEnvironment(), folder),
            new Pictures(List.of(FloatTensor.of(image(), 1, CHANNELS, SIDE, SIDE))),
            new ChannelMeans(placement.inputChannels()));

    assertThat(observations.ranges(List.of("a"), Map.of()).get("a")).hasSize(1);
    assertThat(observations.ranges(List.of("a"), Map.of("a", CHANNELS)).get("a")).hasSize(CHANNELS);
  }
}
