package io.github.pixelwise.network.convert;

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
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import io.github.pixelwise.model.GridAlignment;
import io.github.pixelwise.model.OutputKind;
import io.github.pixelwise.model.SizeRule;
import io.github.pixelwise.network.Kernel;
import io.github.pixelwise.network.Operation;
import io.github.pixelwise.network.Shape;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;

/**
 * Writes programs as ONNX. Weights are written one after the other and never held together: in
 * protobuf, the parts of a message may come in any order, and all lengths are known before.
 */
final class OnnxWriter {
  /** The first with HardSwish; later ones have nothing that these networks need. */
  private static final int OPERATOR_SET = 14;

  /** That of ONNX 1.9, the first with operator set 14. */
  private static final int IR_VERSION = 7;

  private final Program program;
  private final Precision precision;
  private final GraphProto.Builder graph = GraphProto.newBuilder();

  /** Whether a shape with a batch of one is written down. */
  private boolean singleImages;

  private OnnxWriter(Program program, Precision precision) {
    this.program = program;
    this.precision = precision;
  }

  /**
   * Writes a program.
   *
   * @param precision float32 or float16
   * @param metadata what to say about it in the file
   */
  static void write(
      Program program, Precision precision, Map<String, String> metadata, OutputStream out)
      throws IOException {
    new OnnxWriter(program, precision).write(metadata, out);
  }

  private void write(Map<String, String> metadata, OutputStream out) throws IOException {
    graph.setName(program.name());
    program.steps().forEach(this::add);
    addInputAndOutput();
    ModelProto.Builder model =
        ModelProto.newBuilder()
            .setIrVersion(IR_VERSION)
            .setProducerName("Pixelwise")
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPERATOR_SET));
    metadata.forEach(
        (key, value) ->
            model.addMetadataProps(
                StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
    byte[] nodes = graph.build().toByteArray();
    List<Constant> constants = program.constants();
    List<TensorProto> headers = constants.stream().map(this::header).toList();
    long length = nodes.length;
    for (int i = 0; i < headers.size(); i++) {
      long tensor = tensorLength(headers.get(i), constants.get(i));
      length +=
          tagLength(GraphProto.INITIALIZER_FIELD_NUMBER)
              + CodedOutputStream.computeUInt64SizeNoTag(tensor)
              + tensor;
    }
    CodedOutputStream coded = CodedOutputStream.newInstance(out, 1 << 16);
    model.build().writeTo(coded);
    coded.writeTag(ModelProto.GRAPH_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    coded.writeUInt64NoTag(length);
    coded.writeRawBytes(nodes);
    for (int i = 0; i < headers.size(); i++) {
      coded.writeTag(GraphProto.INITIALIZER_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
      coded.writeUInt64NoTag(tensorLength(headers.get(i), constants.get(i)));
      headers.get(i).writeTo(coded);
      coded.writeByteArray(TensorProto.RAW_DATA_FIELD_NUMBER, constants.get(i).bytes(precision));
    }
    coded.flush();
  }

  private static int tagLength(int field) {
    return CodedOutputStream.computeTagSize(field);
  }

  private TensorProto header(Constant constant) {
    TensorProto.Builder header = TensorProto.newBuilder().setName(stored(constant.name()));
    constant.shape().forEach(header::addDims);
    return header
        .setDataType(
            (precision == Precision.FLOAT32
                    ? TensorProto.DataType.FLOAT
                    : TensorProto.DataType.FLOAT16)
                .getNumber())
        .build();
  }

  private long tensorLength(TensorProto header, Constant constant) {
    int raw = Math.multiplyExact(constant.size(), precision.bytes());
    return header.getSerializedSize()
        + tagLength(TensorProto.RAW_DATA_FIELD_NUMBER)
        + CodedOutputStream.computeUInt32SizeNoTag(raw)
        + (long) raw;
  }

  /** The name of a weight as it is stored: those of half length are cast to their own name. */
  private String stored(String name) {
    return precision == Precision.FLOAT32 ? name : name + ".half";
  }

  private void addInputAndOutput() {
    SizeRule size = program.input().size();
    boolean fixed = size.kind() == SizeRule.Kind.FIXED;
    boolean categories = program.output().kind() == OutputKind.CATEGORIES;
    graph.addInput(
        info(
            program.input().name(),
            program.channels(),
            fixed ? size.height() : "height",
            fixed ? size.width() : "width",
            TensorProto.DataType.FLOAT));
    graph.addOutput(
        info(
            program.output().name(),
            program.output().channels(program.classes()),
            fixed ? program.output().gridSide(size.height()) : "grid_height",
            fixed ? program.output().gridSide(size.width()) : "grid_width",
            categories ? TensorProto.DataType.INT64 : TensorProto.DataType.FLOAT));
  }

  private ValueInfoProto info(
      String name, int channels, Object height, Object width, TensorProto.DataType type) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (Object side : List.of(singleImages ? 1 : "batch", channels, height, width)) {
      TensorShapeProto.Dimension.Builder dimension = shape.addDimBuilder();
      if (side instanceof Integer number) {
        dimension.setDimValue(number);
      } else {
        dimension.setDimParam(side.toString());
      }
    }
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder().setElemType(type.getNumber()).setShape(shape)))
        .build();
  }

  private void add(Step step) {
    Operation operation = step.operation();
    if (operation instanceof Operation.Convolution convolution) {
      convolution(step, "Conv", convolution.kernel());
    } else if (operation instanceof Operation.TransposedConvolution transposed) {
      convolution(step, "ConvTranspose", transposed.kernel());
    } else if (operation instanceof Operation.Activation activation) {
      activation(step, activation);
    } else if (operation instanceof Operation.MaxPool pool) {
      window(node(step, "MaxPool"), pool.window());
    } else if (operation instanceof Operation.AveragePool pool) {
      window(node(step, "AveragePool"), pool.window())
          .addAttribute(attribute("count_include_pad", 1));
    } else if (operation instanceof Operation.GlobalAveragePool) {
      node(step, "GlobalAveragePool");
    } else if (operation instanceof Operation.Upsample upsample) {
      resize(step, upsample);
    } else if (operation instanceof Operation.Add) {
      node(step, "Add");
    } else if (operation instanceof Operation.Multiply) {
      node(step, "Mul");
    } else if (operation instanceof Operation.Concatenate) {
      node(step, "Concat").addAttribute(attribute("axis", 1));
    } else if (operation instanceof Operation.Softmax) {
      node(step, "Softmax").addAttribute(attribute("axis", 1));
    } else if (operation instanceof Operation.ArgMax) {
      node(step, "ArgMax").addAttribute(attribute("axis", 1));
    } else {
      throw new IllegalStateException("a program has no " + operation);
    }
  }

  private NodeProto.Builder node(Step step, String type) {
    return node(type, step.result(), step.inputs());
  }

  private NodeProto.Builder node(String type, String result, List<String> inputs) {
    return graph.addNodeBuilder().setOpType(type).addAllInput(inputs).addOutput(result);
  }

  private void convolution(Step step, String type, Kernel kernel) {
    List<String> inputs = new ArrayList<>(step.inputs());
    for (Constant constant : step.constants()) {
      inputs.add(constant.name());
      if (precision == Precision.FLOAT16) {
        node("Cast", constant.name(), List.of(stored(constant.name())))
            .addAttribute(attribute("to", TensorProto.DataType.FLOAT.getNumber()));
      }
    }
    window(node(type, step.result(), inputs), kernel)
        .addAttribute(attribute("dilations", kernel.dilation(), kernel.dilation()))
        .addAttribute(attribute("group", kernel.groups()));
  }

  private static NodeProto.Builder window(NodeProto.Builder node, Kernel kernel) {
    int[] pads = new int[4];
    Arrays.fill(pads, kernel.padding());
    return node.addAttribute(attribute("kernel_shape", kernel.size(), kernel.size()))
        .addAttribute(attribute("pads", pads))
        .addAttribute(attribute("strides", kernel.stride(), kernel.stride()));
  }

  private void activation(Step step, Operation.Activation activation) {
    switch (activation) {
      case RELU -> node(step, "Relu");
      case RELU6 -> clip(step, step.inputs().get(0), 6);
      case HARD_SWISH -> node(step, "HardSwish");
      case HARD_SIGMOID -> {
        // OpenCV 4.13 takes HardSigmoid times anything for a HardSwish.
        String sixth = step.result() + ".sixth";
        String raised = step.result() + ".raised";
        node("Mul", sixth, List.of(step.inputs().get(0), scalar("sixth", 1f / 6)));
        node("Add", raised, List.of(sixth, scalar("half", 0.5f)));
        clip(step, raised, 1);
      }
      case SIGMOID -> node(step, "Sigmoid");
      case ELU -> node(step, "Elu").addAttribute(attribute("alpha", 1f));
    }
  }

  /** Limits numbers to 0 and more, up to a bound. */
  private void clip(Step step, String from, int bound) {
    node(
        "Clip",
        step.result(),
        List.of(from, scalar("limit.0", 0), scalar("limit." + bound, bound)));
  }

  private void resize(Step step, Operation.Upsample upsample) {
    String from = step.inputs().get(0);
    List<String> inputs = new ArrayList<>(List.of(from, ""));
    if (upsample.factor().isPresent()) {
      float factor = upsample.factor().getAsInt();
      inputs.add(floats(step.result() + ".scales", 1, 1, factor, factor));
    } else if (!program.shapes().isEmpty()) {
      Shape shape = Objects.requireNonNull(program.shapes().get(step.result()));
      singleImages = true;
      inputs.add("");
      inputs.add(
          longs(step.result() + ".sizes", 1, shape.channels(), shape.height(), shape.width()));
    } else {
      inputs.add("");
      inputs.add(sizesOf(step));
    }
    node("Resize", step.result(), inputs)
        .addAttribute(attribute("mode", "linear"))
        .addAttribute(
            attribute(
                "coordinate_transformation_mode",
                upsample.alignment() == GridAlignment.HALF_PIXEL ? "half_pixel" : "align_corners"));
  }

  /** Batch and channels of the step's first input with the sides of its second. */
  private String sizesOf(Step step) {
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
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INT)
        .setI(value)
        .build();
  }

  private static AttributeProto attribute(String name, float value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.FLOAT)
        .setF(value)
        .build();
  }

  private static AttributeProto attribute(String name, String value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.STRING)
        .setS(ByteString.copyFromUtf8(value))
        .build();
  }

  private static AttributeProto attribute(String name, int... values) {
    AttributeProto.Builder attribute =
        AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.INTS);
    for (int value : values) {
      attribute.addInts(value);
    }
    return attribute.build();
  }
}
