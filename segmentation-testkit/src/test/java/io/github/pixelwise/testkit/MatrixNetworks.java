package io.github.pixelwise.testkit;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import io.github.pixelwise.model.TensorLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Writes the networks behind the {@link CardMatrix}, as ONNX and as the reference backend's text.
 *
 * <p>Each weighs the channels of every so many pixels and rows (its stride) into logits, and has an
 * output for every layout: {@code out-nchw}, {@code out-nhwc} and, of categories, {@code out-none}
 * without a channel axis. {@code src/test/python/card_matrix_golden.py} has the same arithmetic in
 * numpy.
 */
final class MatrixNetworks {
  /** Short in binary and without symmetry, for inputs of about -2 to 2. */
  private static final float[][] WEIGHTS = {
    {1, -0.5f, 0.25f},
    {-0.75f, 1, 0.5f},
    {0.25f, -0.625f, -1},
    {-0.5f, 0.125f, 1.25f},
    {-0.25f, -0.875f, 0.375f}
  };

  private static final float[] BIAS = {0.125f, 0, -0.125f, 0.0625f, 0.25f};
  private static final float[][] SIGMOID_WEIGHTS = {{1.5f, -1, 0.75f}};
  private static final float[] SIGMOID_BIAS = {-0.125f};

  /** What networks do after the convolution, and in what type of number they say it. */
  private enum Head {
    LOGITS,
    PROBABILITIES,
    SIGMOID,
    CATEGORIES
  }

  private final TensorLayout layout;
  private final int stride;
  private final Head head;
  private final DataType type;
  private final float[][] weights;
  private final float[] bias;

  private MatrixNetworks(TensorLayout layout, int stride, Head head, DataType type) {
    this.layout = layout;
    this.stride = stride;
    this.head = head;
    this.type = type;
    int channels = head == Head.CATEGORIES && type == DataType.BOOL ? 2 : WEIGHTS.length;
    weights = head == Head.SIGMOID ? SIGMOID_WEIGHTS : Arrays.copyOf(WEIGHTS, channels);
    bias = head == Head.SIGMOID ? SIGMOID_BIAS : Arrays.copyOf(BIAS, channels);
  }

  /** Returns all files by name, always the same bytes. */
  static Map<String, byte[]> files() {
    Map<Head, List<DataType>> types =
        Map.of(
            Head.LOGITS,
            List.of(DataType.FLOAT, DataType.FLOAT16, DataType.DOUBLE),
            Head.PROBABILITIES,
            List.of(DataType.FLOAT),
            Head.SIGMOID,
            List.of(DataType.FLOAT),
            Head.CATEGORIES,
            List.of(
                DataType.INT8,
                DataType.INT16,
                DataType.INT32,
                DataType.INT64,
                DataType.UINT8,
                DataType.UINT16,
                DataType.UINT32,
                DataType.UINT64,
                DataType.FLOAT,
                DataType.DOUBLE,
                DataType.BOOL));
    Map<String, byte[]> files = new TreeMap<>();
    types.forEach(
        (head, numbers) -> {
          for (DataType type : numbers) {
            for (TensorLayout layout : TensorLayout.values()) {
              for (int stride : new int[] {1, 4, 8}) {
                MatrixNetworks network = new MatrixNetworks(layout, stride, head, type);
                String name = "%s-%d-%s-%s".formatted(layout, stride, head, type);
                files.put(name.toLowerCase(Locale.ROOT) + ".onnx", network.onnx());
                files.put(
                    name.toLowerCase(Locale.ROOT) + ".reference",
                    network.reference().getBytes(StandardCharsets.UTF_8));
              }
            }
          }
        });
    unusual("grey", new Object[] {"n", 1, "h", "w"}, 0.5f, files);
    unusual("fixed-32x24", new Object[] {1, 3, 24, 32}, 0.5f, files);
    unusual("not-a-number", new Object[] {"n", 3, "h", "w"}, Float.NaN, files);
    return files;
  }

  /** A network of five logits that no card of the matrix fits: each a channel's sum and a bias. */
  private static void unusual(String name, Object[] sides, float bias, Map<String, byte[]> files) {
    int channels = (Integer) sides[1];
    float[][] weights = new float[WEIGHTS.length][channels];
    float[] biases = new float[WEIGHTS.length];
    for (float[] row : weights) {
      Arrays.fill(row, 1);
    }
    Arrays.fill(biases, bias);
    OnnxGraph graph = new OnnxGraph(name);
    graph.input(sides);
    graph.convolution("image", "out-nchw", weights, biases);
    graph.output("out-nchw", DataType.FLOAT, sides[0], WEIGHTS.length, sides[2], sides[3]);
    files.put(name + ".onnx", graph.toByteArray());
    String reference =
        """
        input image %s
        out-nchw = affine image %s
        output out-nchw
        """
            .formatted(
                Stream.of(sides)
                    .map(side -> side instanceof Integer ? side.toString() : "?")
                    .collect(Collectors.joining(" ")),
                rows(weights, biases));
    files.put(name + ".reference", reference.getBytes(StandardCharsets.UTF_8));
  }

  private byte[] onnx() {
    OnnxGraph graph = new OnnxGraph("matrix");
    String planes = "image";
    if (layout == TensorLayout.NCHW) {
      graph.input("n", 3, "h", "w");
    } else {
      graph.input("n", "h", "w", 3);
      planes = "planes";
      graph.node("Transpose", "image", planes).addAttribute(OnnxGraph.integers("perm", 0, 3, 1, 2));
    }
    graph
        .convolution(planes, "logits", weights, bias)
        .addAttribute(OnnxGraph.integers("strides", stride, stride));
    switch (head) {
      case LOGITS -> cast(graph, "logits", "out-nchw");
      case PROBABILITIES ->
          graph.node("Softmax", "logits", "out-nchw").addAttribute(OnnxGraph.integer("axis", 1));
      case SIGMOID -> graph.node("Sigmoid", "logits", "out-nchw");
      case CATEGORIES -> {
        argMax(graph, "out-nchw", 1);
        argMax(graph, "out-none", 0);
        graph.output("out-none", type, "n", "grid_h", "grid_w");
      }
    }
    graph
        .node("Transpose", "out-nchw", "out-nhwc")
        .addAttribute(OnnxGraph.integers("perm", 0, 2, 3, 1));
    int channels = head == Head.CATEGORIES ? 1 : weights.length;
    graph.output("out-nchw", type, "n", channels, "grid_h", "grid_w");
    graph.output("out-nhwc", type, "n", "grid_h", "grid_w", channels);
    return graph.toByteArray();
  }

  private void argMax(OnnxGraph graph, String output, int keepsChannelAxis) {
    graph
        .node("ArgMax", "logits", "best-" + output)
        .addAttribute(OnnxGraph.integer("axis", 1))
        .addAttribute(OnnxGraph.integer("keepdims", keepsChannelAxis));
    cast(graph, "best-" + output, output);
  }

  private void cast(OnnxGraph graph, String input, String output) {
    graph.node("Cast", input, output).addAttribute(OnnxGraph.integer("to", type.getNumber()));
  }

  private String reference() {
    boolean planar = layout == TensorLayout.NCHW;
    String answer =
        switch (head) {
          case LOGITS ->
              type == DataType.FLOAT16 ? "out-nchw = half grid" : "out-nchw = every grid 1";
          case PROBABILITIES -> "out-nchw = softmax grid";
          case SIGMOID -> "out-nchw = sigmoid grid";
          case CATEGORIES -> "out-none = argmax grid\nout-nchw = channel out-none\noutput out-none";
        };
    return """
        input image %s
        planes = transpose image %s
        logits = affine planes %s
        grid = every logits %d
        %s
        out-nhwc = transpose out-nchw 0 2 3 1
        output out-nchw
        output out-nhwc
        """
        .formatted(
            planar ? "? 3 ? ?" : "? ? ? 3",
            planar ? "0 1 2 3" : "0 3 1 2",
            rows(weights, bias),
            stride,
            answer);
  }

  private static String rows(float[][] weights, float[] bias) {
    return IntStream.range(0, bias.length)
        .mapToObj(
            i ->
                IntStream.range(0, weights[i].length)
                        .mapToObj(channel -> weights[i][channel] + " ")
                        .collect(Collectors.joining())
                    + bias[i])
        .collect(Collectors.joining(" | "));
  }
}
