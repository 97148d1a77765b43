package io.github.pixelwise.network.convert;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import io.github.pixelwise.model.GridAlignment;
import io.github.pixelwise.network.Kernel;
import io.github.pixelwise.network.Operation;
import io.github.pixelwise.network.OperationVisitor;
import io.github.pixelwise.network.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;

/** Turns a program's steps into ONNX nodes and the small tensors they need. */
final class OnnxNodes {
  private final Program program;
  private final Precision precision;
  private final GraphProto.Builder graph;

  /** Whether a shape with a batch size of one is written. */
  private boolean singleImages;

  private OnnxNodes(Program program, Precision precision, GraphProto.Builder graph) {
    this.program = program;
    this.precision = precision;
    this.graph = graph;
  }

  /**
   * Adds the nodes to a graph.
   *
   * @return whether the nodes accept only one image at a time
   */
  static boolean add(Program program, Precision precision, GraphProto.Builder graph) {
    OnnxNodes nodes = new OnnxNodes(program, precision, graph);
    program.steps().forEach(step -> step.operation().accept(nodes.new Nodes(step)));
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

    @Override
    public NodeProto.Builder convolution(Operation.Convolution operation) {
      return convolution("Conv", operation.kernel());
    }

    @Override
    public NodeProto.Builder transposedConvolution(Operation.TransposedConvolution operation) {
      return convolution("ConvTranspose", operation.kernel());
    }

    private NodeProto.Builder convolution(String type, Kernel kernel) {
      List<String> inputs = new ArrayList<>(step.inputs());
      for (Constant constant : step.constants()) {
        inputs.add(constant.name());
        if (precision == Precision.FLOAT16) {
          node("Cast", constant.name(), List.of(stored(constant.name(), precision)))
              .addAttribute(attribute("to", TensorProto.DataType.FLOAT.getNumber()));
        }
      }
      return window(node(type, step.result(), inputs), kernel)
          .addAttribute(attribute("dilations", kernel.dilation(), kernel.dilation()))
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
          node("Mul", sixth, List.of(step.inputs().get(0), scalar("sixth", 1f / 6)));
          node("Add", raised, List.of(sixth, scalar("half", 0.5f)));
          yield clip(raised, 1);
        }
        case SIGMOID -> result("Sigmoid");
        case ELU -> result("Elu").addAttribute(attribute("alpha", 1f));
      };
    }

    /** Clips numbers to the range from 0 to a bound. */
    private NodeProto.Builder clip(String from, int bound) {
      return node(
          "Clip",
          step.result(),
          List.of(from, scalar("limit.0", 0), scalar("limit." + bound, bound)));
    }

    @Override
    public NodeProto.Builder maxPool(Operation.MaxPool operation) {
      return window(result("MaxPool"), operation.window());
    }

    @Override
    public NodeProto.Builder averagePool(Operation.AveragePool operation) {
      return window(result("AveragePool"), operation.window())
          .addAttribute(attribute("count_include_pad", 1));
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
        inputs.add(floats(step.result() + ".scales", 1, 1, factor, factor));
      } else if (!program.shapes().isEmpty()) {
        Shape shape = Objects.requireNonNull(program.shapes().get(step.result()));
        singleImages = true;
        inputs.add("");
        inputs.add(
            longs(step.result() + ".sizes", 1, shape.channels(), shape.height(), shape.width()));
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

    /** The shape with batch and channels of the first input and sides of the second. */
    private String sizes() {
      String name = step.result();
      String zero = longs("axis.0", 0);
      String two = longs("axis.2", 2);
      String four = longs("axis.4", 4);
      node("Shape", name + ".own", List.of(step.inputs().get(0)));
      node("Slice", name + ".channels", List.of(name + ".own", zero, two, zero));
      node("Shape", name + ".other", List.of(step.inputs().get(1)));
      node("Slice", name + ".sides", List.of(name + ".other", two, four, zero));
      node("Concat", name + ".sizes", List.of(name + ".channels", name + ".sides"))
          .addAttribute(attribute("axis", 0));
      return name + ".sizes";
    }

    @Override
    public NodeProto.Builder add(Operation.Add operation) {
      return result("Add");
    }

    @Override
    public NodeProto.Builder multiply(Operation.Multiply operation) {
      return result("Mul");
    }

    @Override
    public NodeProto.Builder concatenate(Operation.Concatenate operation) {
      return overChannels("Concat");
    }

    @Override
    public NodeProto.Builder softmax(Operation.Softmax operation) {
      return overChannels("Softmax");
    }

    @Override
    public NodeProto.Builder argMax(Operation.ArgMax operation) {
      return overChannels("ArgMax");
    }

    private NodeProto.Builder overChannels(String type) {
      return result(type).addAttribute(attribute("axis", 1));
    }

    private NodeProto.Builder result(String type) {
      return node(type, step.result(), step.inputs());
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

  private NodeProto.Builder node(String type, String result, List<String> inputs) {
    return graph.addNodeBuilder().setOpType(type).addAllInput(inputs).addOutput(result);
  }

  private static NodeProto.Builder window(NodeProto.Builder node, Kernel kernel) {
    int[] pads = new int[4];
    Arrays.fill(pads, kernel.padding());
    return node.addAttribute(attribute("kernel_shape", kernel.size(), kernel.size()))
        .addAttribute(attribute("pads", pads))
        .addAttribute(attribute("strides", kernel.stride(), kernel.stride()));
  }

  private String scalar(String name, float value) {
    return initializer(
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(TensorProto.DataType.FLOAT.getNumber())
            .addFloatData(value));
  }

  private String floats(String name, float... values) {
    ByteBuffer raw = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    raw.asFloatBuffer().put(values);
    return initializer(
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(TensorProto.DataType.FLOAT.getNumber())
            .addDims(values.length)
            .setRawData(ByteString.copyFrom(raw.array())));
  }

  private String longs(String name, long... values) {
    return initializer(
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(TensorProto.DataType.INT64.getNumber())
            .addDims(values.length)
            .addAllInt64Data(LongStream.of(values).boxed().toList()));
  }

  private String initializer(TensorProto.Builder tensor) {
    if (graph.getInitializerList().stream().noneMatch(i -> i.getName().equals(tensor.getName()))) {
      graph.addInitializer(tensor);
    }
    return tensor.getName();
  }

  private static AttributeProto attribute(String name, int value) {
    return attribute(name, AttributeProto.AttributeType.INT).setI(value).build();
  }

  private static AttributeProto attribute(String name, float value) {
    return attribute(name, AttributeProto.AttributeType.FLOAT).setF(value).build();
  }

  private static AttributeProto attribute(String name, String value) {
    ByteString text = ByteString.copyFromUtf8(value);
    return attribute(name, AttributeProto.AttributeType.STRING).setS(text).build();
  }

  private static AttributeProto attribute(String name, int... values) {
    AttributeProto.Builder attribute = attribute(name, AttributeProto.AttributeType.INTS);
    for (int value : values) {
      attribute.addInts(value);
    }
    return attribute.build();
  }

  private static AttributeProto.Builder attribute(String name, AttributeProto.AttributeType type) {
    return AttributeProto.newBuilder().setName(name).setType(type);
  }
}
