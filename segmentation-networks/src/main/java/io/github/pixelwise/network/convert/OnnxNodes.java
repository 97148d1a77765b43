package io.github.pixelwise.network.convert;

import static io.github.pixelwise.network.convert.OnnxGraph.attribute;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import io.github.pixelwise.model.GridAlignment;
import io.github.pixelwise.network.AttentionOperation;
import io.github.pixelwise.network.Axis;
import io.github.pixelwise.network.Kernel;
import io.github.pixelwise.network.Operation;
import io.github.pixelwise.network.OperationVisitor;
import io.github.pixelwise.network.Shape;
import io.github.pixelwise.network.TensorOperation;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.ToIntFunction;

/** Turns a program's steps into ONNX nodes and the small tensors they need. */
final class OnnxNodes {
  private final Program program;
  private final Precision precision;
  private final OnnxGraph graph;

  /** Whether a shape with a batch size of one is written. */
  private boolean singleImages;

  private OnnxNodes(Program program, Precision precision, GraphProto.Builder graph) {
    this.program = program;
    this.precision = precision;
    this.graph = new OnnxGraph(graph);
  }

  /**
   * Adds the nodes to a graph.
   *
   * @return whether the nodes accept only one image at a time
   */
  static boolean add(Program program, Precision precision, GraphProto.Builder graph) {
    OnnxNodes nodes = new OnnxNodes(program, precision, graph);
    for (Step step : program.steps()) {
      // A constant's values have its name, so there is nothing to compute unless they are cast.
      boolean given = step.operation() instanceof TensorOperation.Constant;
      if (!given || precision == Precision.FLOAT16) {
        step.operation().accept(nodes.new Nodes(step));
      }
    }
    return nodes.singleImages;
  }

  /**
   * The name of a weight in the file. 16-bit weights are then cast to a tensor with the weight's
   * own name.
   */
  static String stored(String name, Precision precision) {
    return precision == Precision.FLOAT32 ? name : name + ".half";
  }

  /** Adds the nodes of one step, and returns the last, which gives the step's result. */
  private final class Nodes implements OperationVisitor<NodeProto.Builder> {
    private final Step step;

    Nodes(Step step) {
      this.step = step;
    }

    private NodeProto.Builder node(String type, String result, List<String> inputs) {
      return graph.node(type, result, inputs);
    }

    private NodeProto.Builder result(String type) {
      return node(type, step.result(), step.inputs());
    }

    private NodeProto.Builder overChannels(String type) {
      return over(Axis.CHANNELS, type);
    }

    private NodeProto.Builder over(Axis axis, String type) {
      return result(type).addAttribute(attribute("axis", axis.index()));
    }

    /** A node whose inputs are those of the step and its weights. */
    private NodeProto.Builder weighted(String type) {
      return weighted(type, step.result(), step.inputs());
    }

    private NodeProto.Builder weighted(String type, String result, List<String> from) {
      List<String> inputs = new ArrayList<>(from);
      for (Constant constant : step.constants()) {
        inputs.add(constant.name());
        if (precision == Precision.FLOAT16) {
          cast(constant);
        }
      }
      return node(type, result, inputs);
    }

    private NodeProto.Builder cast(Constant constant) {
      return node("Cast", constant.name(), List.of(stored(constant.name(), precision)))
          .addAttribute(attribute("to", TensorProto.DataType.FLOAT.getNumber()));
    }

    @Override
    public NodeProto.Builder convolution(Operation.Convolution operation) {
      return convolution("Conv", operation.kernel());
    }

    @Override
    public NodeProto.Builder transposedConvolution(Operation.TransposedConvolution operation) {
      return convolution("ConvTranspose", operation.kernel());
    }

    private NodeProto.Builder convolution(String type, Kernel kernel) {
      return window(weighted(type), kernel)
          .addAttribute(pair("dilations", kernel, Kernel.Axis::dilation))
          .addAttribute(attribute("group", kernel.groups()));
    }

    @Override
    public NodeProto.Builder activation(Operation.Activation operation) {
      return switch (operation) {
        case RELU -> result("Relu");
        case RELU6 -> clip(step.inputs().get(0), 6);
        case HARD_SWISH -> result("HardSwish");
        case HARD_SIGMOID -> {
          // OpenCV 4.13 treats the product of HardSigmoid and anything as HardSwish.
          String sixth = step.result() + ".sixth";
          String raised = step.result() + ".raised";
          node("Mul", sixth, List.of(step.inputs().get(0), graph.scalar("sixth", 1f / 6)));
          node("Add", raised, List.of(sixth, graph.scalar("half", 0.5f)));
          yield clip(raised, 1);
        }
        case SIGMOID -> result("Sigmoid");
        case ELU -> result("Elu").addAttribute(attribute("alpha", 1f));
        case GELU -> gelu();
        case TANH -> result("Tanh");
      };
    }

    /** In this order of factors, engines recognize it. */
    private NodeProto.Builder gelu() {
      String x = step.inputs().get(0);
      String name = step.result();
      node("Div", name + ".scaled", List.of(x, graph.scalar("root.2", (float) Math.sqrt(2))));
      node("Erf", name + ".erf", List.of(name + ".scaled"));
      node("Add", name + ".raised", List.of(name + ".erf", graph.scalar("one", 1)));
      node("Mul", name + ".product", List.of(x, name + ".raised"));
      return node("Mul", name, List.of(name + ".product", graph.scalar("half", 0.5f)));
    }

    /** Clips numbers to the range from 0 to a bound. */
    private NodeProto.Builder clip(String from, int bound) {
      String low = graph.scalar("limit.0", 0);
      return node("Clip", step.result(), List.of(from, low, graph.scalar("limit." + bound, bound)));
    }

    @Override
    public NodeProto.Builder maxPool(Operation.MaxPool operation) {
      return window(result("MaxPool"), operation.window());
    }

    @Override
    public NodeProto.Builder averagePool(Operation.AveragePool operation) {
      Kernel window = operation.window();
      Kernel.Axis across = window.horizontal();
      Kernel.Axis down = window.vertical();
      if (!operation.countsPadding() || window.equals(window.padding(0))) {
        return window(result("AveragePool"), window);
      }
      // OpenCV 4.13 ignores count_include_pad, and never counts padding except in PyTorch's files.
      String padded = step.result() + ".padded";
      pad(padded, "constant", down.before(), across.before(), 0, down.after(), across.after());
      return window(node("AveragePool", step.result(), List.of(padded)), window.padding(0));
    }

    @Override
    public NodeProto.Builder globalAveragePool(Operation.GlobalAveragePool operation) {
      return result("GlobalAveragePool");
    }

    @Override
    public NodeProto.Builder upsample(Operation.Upsample operation) {
      List<String> inputs = new ArrayList<>(List.of(step.inputs().get(0), ""));
      if (operation.factor().isPresent()) {
        float factor = operation.factor().getAsInt();
        inputs.add(graph.floats(step.result() + ".scales", 1, 1, factor, factor));
      } else if (!program.shapes().isEmpty()) {
        inputs.add("");
        inputs.add(fixedSizes());
      } else {
        inputs.add("");
        inputs.add(sizes());
      }
      return node("Resize", step.result(), inputs)
          .addAttribute(attribute("mode", "linear"))
          .addAttribute(
              attribute(
                  "coordinate_transformation_mode",
                  operation.alignment() == GridAlignment.HALF_PIXEL
                      ? "half_pixel"
                      : "align_corners"));
    }

    /** The shape of the result for one image. */
    private String fixedSizes() {
      Shape shape = Objects.requireNonNull(program.shapes().get(step.result()));
      singleImages = true;
      return graph.longs(
          step.result() + ".sizes", 1, shape.channels(), shape.height(), shape.width());
    }

    /** The shape with batch and channels of the first input and sides of the second. */
    private String sizes() {
      String name = step.result();
      node("Shape", name + ".own", List.of(step.inputs().get(0)));
      node("Slice", name + ".channels", List.of(name + ".own", axis(0), axis(2), axis(0)));
      return withSides(name + ".channels");
    }

    /** The shape with the given batch and channels and the sides of the second input. */
    private String withSides(String channels) {
      String name = step.result();
      node("Shape", name + ".other", List.of(step.inputs().get(1)));
      node("Slice", name + ".sides", List.of(name + ".other", axis(2), axis(4), axis(0)));
      node("Concat", name + ".sizes", List.of(channels, name + ".sides"))
          .addAttribute(attribute("axis", 0));
      return name + ".sizes";
    }

    private String axis(int index) {
      return graph.longs("axis." + index, index);
    }

    @Override
    public NodeProto.Builder add(TensorOperation.Add operation) {
      return result("Add");
    }

    @Override
    public NodeProto.Builder multiply(TensorOperation.Multiply operation) {
      return result("Mul");
    }

    @Override
    public NodeProto.Builder concatenate(TensorOperation.Concatenate operation) {
      return overChannels("Concat");
    }

    @Override
    public NodeProto.Builder softmax(Operation.Softmax operation) {
      return over(operation.axis(), "Softmax");
    }

    @Override
    public NodeProto.Builder argMax(Operation.ArgMax operation) {
      return overChannels("ArgMax");
    }

    @Override
    public NodeProto.Builder constant(TensorOperation.Constant operation) {
      return cast(step.constants().get(0));
    }

    @Override
    public NodeProto.Builder subtract(TensorOperation.Subtract operation) {
      return result("Sub");
    }

    @Override
    public NodeProto.Builder clip(TensorOperation.Clip operation) {
      String low = graph.scalar(step.result() + ".low", operation.low());
      String high = graph.scalar(step.result() + ".high", operation.high());
      return node("Clip", step.result(), List.of(step.inputs().get(0), low, high));
    }

    @Override
    public NodeProto.Builder prelu(TensorOperation.PRelu operation) {
      return weighted("PRelu");
    }

    @Override
    public NodeProto.Builder pad(TensorOperation.Pad operation) {
      String mode =
          switch (operation.fill()) {
            case ZERO -> "constant";
            case EDGE -> "edge";
            case REFLECT -> "reflect";
          };
      return pad(
          step.result(),
          mode,
          operation.top(),
          operation.left(),
          operation.channels(),
          operation.bottom(),
          operation.right());
    }

    private NodeProto.Builder pad(
        String result, String mode, int top, int left, int channels, int bottom, int right) {
      long[] pads = {0, 0, top, left, 0, channels, bottom, right};
      String amounts = graph.longs(result + ".pads", pads);
      return node("Pad", result, List.of(step.inputs().get(0), amounts))
          .addAttribute(attribute("mode", mode));
    }

    @Override
    public NodeProto.Builder resize(TensorOperation.Resize operation) {
      NodeProto.Builder node =
          node("Resize", step.result(), List.of(step.inputs().get(0), "", "", fixedSizes()));
      return switch (operation.sampling()) {
        case HALF_PIXEL -> sampled(node, "linear", "half_pixel");
        case ALIGNED_CORNERS -> sampled(node, "linear", "align_corners");
        case NEAREST ->
            sampled(node, "nearest", "asymmetric").addAttribute(attribute("nearest_mode", "floor"));
      };
    }

    private static NodeProto.Builder sampled(
        NodeProto.Builder node, String mode, String coordinates) {
      return node.addAttribute(attribute("mode", mode))
          .addAttribute(attribute("coordinate_transformation_mode", coordinates));
    }

    @Override
    public NodeProto.Builder adaptiveAveragePool(TensorOperation.AdaptiveAveragePool operation) {
      String from = step.inputs().get(0);
      String across = step.result() + ".across";
      String down = step.result() + ".down";
      Shape input = program.shapes().get(from);
      if (input != null) {
        graph.matrix(across, operation.shares(input.width()), operation.side());
        graph.matrix(down, operation.shares(input.height()), operation.side());
      } else {
        CellShares shares = new CellShares(graph, from, operation.side());
        shares.write(Axis.WIDTH, across);
        shares.write(Axis.HEIGHT, down);
      }
      // Engines multiply by a constant matrix on the right, so each axis in turn is the last one.
      String rows = transposed(from, step.result() + ".columns");
      String lessHigh = step.result() + ".less_high";
      node("MatMul", lessHigh, List.of(rows, transposedMatrix(down)));
      String columns = transposed(lessHigh, step.result() + ".rows");
      return node("MatMul", step.result(), List.of(columns, transposedMatrix(across)));
    }

    private String transposed(String from, String result) {
      node("Transpose", result, List.of(from)).addAttribute(attribute("perm", 0, 1, 3, 2));
      return result;
    }

    private String transposedMatrix(String from) {
      String result = from + ".transposed";
      node("Transpose", result, List.of(from)).addAttribute(attribute("perm", 1, 0));
      return result;
    }

    @Override
    public NodeProto.Builder layerNorm(AttentionOperation.LayerNorm operation) {
      String last = step.result() + ".channels_last";
      String normalized = step.result() + ".normalized";
      node("Transpose", last, step.inputs()).addAttribute(attribute("perm", 0, 2, 3, 1));
      weighted("LayerNormalization", normalized, List.of(last))
          .addAttribute(attribute("axis", -1))
          .addAttribute(attribute("epsilon", (float) operation.epsilon()));
      return node("Transpose", step.result(), List.of(normalized))
          .addAttribute(attribute("perm", 0, 3, 1, 2));
    }

    @Override
    public NodeProto.Builder splitHeads(AttentionOperation.SplitHeads operation) {
      String shape =
          graph.longs(step.result() + ".shape", 0, operation.heads(), operation.length(), -1);
      return node("Reshape", step.result(), List.of(step.inputs().get(0), shape));
    }

    @Override
    public NodeProto.Builder joinHeads(AttentionOperation.JoinHeads operation) {
      Shape grid = program.shapes().get(step.inputs().get(1));
      String name = step.result() + ".shape";
      String shape =
          grid == null
              ? withSides(graph.longs(name, 0, operation.channels()))
              : graph.longs(name, 0, operation.channels(), grid.height(), grid.width());
      return node("Reshape", step.result(), List.of(step.inputs().get(0), shape));
    }

    @Override
    public NodeProto.Builder permute(AttentionOperation.Permute operation) {
      return result("Transpose")
          .addAttribute(
              attribute(
                  "perm",
                  0,
                  operation.channels().index(),
                  operation.height().index(),
                  operation.width().index()));
    }

    @Override
    public NodeProto.Builder matrixProduct(AttentionOperation.MatrixProduct operation) {
      return result("MatMul");
    }

    @Override
    public NodeProto.Builder scale(AttentionOperation.Scale operation) {
      String factor = graph.scalar(step.result() + ".factor", operation.factor());
      return node("Mul", step.result(), List.of(step.inputs().get(0), factor));
    }

    @Override
    public NodeProto.Builder linear(AttentionOperation.Linear operation) {
      throw Step.impossible(operation);
    }

    @Override
    public NodeProto.Builder layerScale(AttentionOperation.LayerScale operation) {
      throw Step.impossible(operation);
    }

    @Override
    public NodeProto.Builder input(Operation.Input operation) {
      throw Step.impossible(operation);
    }

    @Override
    public NodeProto.Builder dropout(Operation.Dropout operation) {
      throw Step.impossible(operation);
    }

    @Override
    public NodeProto.Builder batchNorm(Operation.BatchNorm operation) {
      throw Step.impossible(operation);
    }
  }

  private static NodeProto.Builder window(NodeProto.Builder node, Kernel kernel) {
    Kernel.Axis across = kernel.horizontal();
    Kernel.Axis down = kernel.vertical();
    return node.addAttribute(pair("kernel_shape", kernel, Kernel.Axis::size))
        .addAttribute(
            attribute("pads", down.before(), across.before(), down.after(), across.after()))
        .addAttribute(pair("strides", kernel, Kernel.Axis::stride));
  }

  private static AttributeProto pair(
      String name, Kernel kernel, ToIntFunction<Kernel.Axis> number) {
    return attribute(
        name, number.applyAsInt(kernel.vertical()), number.applyAsInt(kernel.horizontal()));
  }
}
