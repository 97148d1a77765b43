package io.github.pixelwise.network.convert;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import io.github.pixelwise.model.OutputKind;
import io.github.pixelwise.model.SizeRule;
import io.github.pixelwise.network.AttentionOperation;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;

/**
 * Writes programs as ONNX. Only one weight at a time is in memory: protobuf allows the fields of a
 * message in any order, and all lengths are known in advance.
 */
final class OnnxWriter {
  /** The first operator set with HardSwish. */
  private static final int OPERATOR_SET = 14;

  /** The IR version of ONNX 1.9, the first with operator set 14. */
  private static final int IR_VERSION = 7;

  /** The first operator set with LayerNormalization, which only networks with layer norm need. */
  private static final int OPERATOR_SET_OF_LAYER_NORM = 17;

  /** The IR version of ONNX 1.12, the first with operator set 17. */
  private static final int IR_VERSION_OF_LAYER_NORM = 8;

  private final Program program;
  private final Precision precision;
  private final GraphProto.Builder graph = GraphProto.newBuilder();

  private OnnxWriter(Program program, Precision precision) {
    this.program = program;
    this.precision = precision;
  }

  /**
   * Writes a program.
   *
   * @param precision float32 or float16
   * @param metadata the properties to store with it
   */
  static void write(
      Program program, Precision precision, Map<String, String> metadata, OutputStream out)
      throws IOException {
    new OnnxWriter(program, precision).write(metadata, out);
  }

  private void write(Map<String, String> metadata, OutputStream out) throws IOException {
    graph.setName(program.name());
    boolean singleImages = OnnxNodes.add(program, precision, graph);
    addInputAndOutput(singleImages ? 1 : "batch");
    boolean layerNorm =
        program.steps().stream()
            .anyMatch(step -> step.operation() instanceof AttentionOperation.LayerNorm);
    int operators = layerNorm ? OPERATOR_SET_OF_LAYER_NORM : OPERATOR_SET;
    ModelProto.Builder model =
        ModelProto.newBuilder()
            .setIrVersion(layerNorm ? IR_VERSION_OF_LAYER_NORM : IR_VERSION)
            .setProducerName("Pixelwise")
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(operators));
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
    TensorProto.Builder header =
        TensorProto.newBuilder().setName(OnnxNodes.stored(constant.name(), precision));
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

  /**
   * @param batch the number of images, or a name if it may be any number
   */
  private void addInputAndOutput(Object batch) {
    SizeRule size = program.input().size();
    boolean fixed = size.kind() == SizeRule.Kind.FIXED;
    boolean categories = program.output().kind() == OutputKind.CATEGORIES;
    graph.addInput(
        info(
            program.input().name(),
            batch,
            program.channels(),
            fixed ? size.height() : "height",
            fixed ? size.width() : "width",
            TensorProto.DataType.FLOAT));
    graph.addOutput(
        info(
            program.output().name(),
            batch,
            program.output().channels(program.classes()),
            fixed ? program.output().gridSide(size.height()) : "grid_height",
            fixed ? program.output().gridSide(size.width()) : "grid_width",
            categories ? TensorProto.DataType.INT64 : TensorProto.DataType.FLOAT));
  }

  private static ValueInfoProto info(
      String name,
      Object batch,
      int channels,
      Object height,
      Object width,
      TensorProto.DataType type) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (Object side : List.of(batch, channels, height, width)) {
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
}
