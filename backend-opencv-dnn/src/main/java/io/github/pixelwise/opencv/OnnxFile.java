package io.github.pixelwise.opencv;

import io.github.pixelwise.internal.file.ProtobufReader;
import io.github.pixelwise.spi.ElementType;
import io.github.pixelwise.spi.TensorInfo;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Reads the inputs and outputs of an ONNX file from its bytes, because OpenCV reports neither the
 * type of an input nor which of its sides may vary. Field numbers are those of <a
 * href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3">onnx.proto3</a>.
 */
final class OnnxFile {
  /** The type of a value that is not a tensor, such as a sequence of tensors. */
  private static final int NO_TENSOR = 0;

  /** Element types by their number in {@code TensorProto.DataType}. */
  private static final Map<Integer, ElementType> TYPES =
      Map.ofEntries(
          Map.entry(1, ElementType.FLOAT32),
          Map.entry(2, ElementType.UINT8),
          Map.entry(3, ElementType.INT8),
          Map.entry(4, ElementType.UINT16),
          Map.entry(5, ElementType.INT16),
          Map.entry(6, ElementType.INT32),
          Map.entry(7, ElementType.INT64),
          Map.entry(9, ElementType.BOOL),
          Map.entry(10, ElementType.FLOAT16),
          Map.entry(11, ElementType.FLOAT64),
          Map.entry(12, ElementType.UINT32),
          Map.entry(13, ElementType.UINT64),
          Map.entry(16, ElementType.BFLOAT16));

  private static final int MODEL_GRAPH = 7;
  private static final int GRAPH_NODE = 1;
  private static final int GRAPH_INITIALIZER = 5;
  private static final int GRAPH_INPUT = 11;
  private static final int GRAPH_OUTPUT = 12;
  private static final int GRAPH_VALUE_INFO = 13;
  private static final int GRAPH_SPARSE_INITIALIZER = 15;
  private static final int SPARSE_VALUES = 1;
  private static final int NODE_INPUT = 1;
  private static final int NODE_OUTPUT = 2;
  private static final int NODE_NAME = 3;
  private static final int NODE_OPERATOR = 4;
  private static final int WEIGHT_NAME = 8;
  private static final int VALUE_NAME = 1;
  private static final int VALUE_TYPE = 2;
  private static final int TYPE_TENSOR = 1;
  private static final int TENSOR_ELEMENT = 1;
  private static final int TENSOR_SHAPE = 2;
  private static final int SHAPE_DIMENSION = 1;
  private static final int DIMENSION_VALUE = 1;

  /**
   * An input or output.
   *
   * @param name its name
   * @param type its element type as in {@code TensorProto.DataType}, or {@link #NO_TENSOR}
   * @param sides its sides, {@link TensorInfo#ANY} for any length; empty if they are not declared
   */
  private record Value(String name, int type, List<Integer> sides) {
    TensorInfo info() {
      if (!TYPES.containsKey(type)) {
        return TensorInfo.ofOtherKind(
            name,
            type == NO_TENSOR ? "a value that is not a tensor" : "a tensor of ONNX type " + type);
      }
      TensorInfo info = TensorInfo.of(name, Objects.requireNonNull(TYPES.get(type)));
      return sides.isEmpty()
          ? info
          : info.withSides(sides.stream().mapToInt(Integer::intValue).toArray());
    }
  }

  private final ByteBuffer file;
  private final List<Value> inputs = new ArrayList<>();
  private final List<Value> outputs = new ArrayList<>();

  /**
   * Reads a file.
   *
   * @param file its bytes, which must stay valid as long as this object is used
   * @throws IOException if it is not a complete ONNX model; the message says what was found
   */
  OnnxFile(ByteBuffer file) throws IOException {
    this.file = file;
    ProtobufReader model = new ProtobufReader(file);
    while (model.next()) {
      if (model.field() == MODEL_GRAPH) {
        readGraph(new ProtobufReader(model.bytes()));
      }
    }
    if (inputs.isEmpty() || outputs.isEmpty()) {
      throw new IOException("it has no graph with inputs and outputs");
    }
  }

  private void readGraph(ProtobufReader graph) throws IOException {
    Set<String> weights = new HashSet<>();
    List<ByteBuffer> nodes = new ArrayList<>();
    while (graph.next()) {
      switch (graph.field()) {
        case GRAPH_NODE -> nodes.add(graph.bytes());
        case GRAPH_INITIALIZER -> weights.add(text(graph.bytes(), WEIGHT_NAME));
        case GRAPH_SPARSE_INITIALIZER ->
            weights.add(text(part(graph.bytes(), SPARSE_VALUES), WEIGHT_NAME));
        case GRAPH_INPUT -> inputs.add(value(graph.bytes()));
        case GRAPH_OUTPUT -> outputs.add(value(graph.bytes()));
        default -> {
          // Only the engine needs the other fields.
        }
      }
    }
    requireValues(nodes, weights);
    // Old files also list weights as inputs.
    inputs.removeIf(input -> weights.contains(input.name()));
  }

  /** Requires that every node's inputs exist; otherwise OpenCV's importer crashes the process. */
  private void requireValues(List<ByteBuffer> nodes, Set<String> weights) throws IOException {
    Set<String> values = new HashSet<>(weights);
    // The name of an optional input that is left out.
    values.add("");
    inputs.forEach(input -> values.add(input.name()));
    for (ByteBuffer node : nodes) {
      for (String wanted : texts(node, NODE_INPUT)) {
        if (!values.contains(wanted)) {
          throw new IOException(
              "node \"%s\" (%s) takes \"%s\", which no earlier node produces"
                  .formatted(text(node, NODE_NAME), text(node, NODE_OPERATOR), wanted));
        }
      }
      // ONNX requires nodes to come after their inputs, and OpenCV does not sort them.
      values.addAll(texts(node, NODE_OUTPUT));
    }
  }

  private static Value value(ByteBuffer value) throws IOException {
    ByteBuffer tensor = part(part(value, VALUE_TYPE), TYPE_TENSOR);
    List<Integer> sides = new ArrayList<>();
    ProtobufReader shape = new ProtobufReader(part(tensor, TENSOR_SHAPE));
    while (shape.next()) {
      long side = number(shape.bytes(), DIMENSION_VALUE);
      sides.add(side > 0 ? (int) Math.min(side, Integer.MAX_VALUE) : TensorInfo.ANY);
    }
    return new Value(
        text(value, VALUE_NAME), (int) number(tensor, TENSOR_ELEMENT), List.copyOf(sides));
  }

  /** The last value of a field in a message; empty if it is missing. */
  private static ByteBuffer part(ByteBuffer message, int field) throws IOException {
    ByteBuffer part = ByteBuffer.allocate(0);
    ProtobufReader fields = new ProtobufReader(message);
    while (fields.next()) {
      part = fields.field() == field ? fields.bytes() : part;
    }
    return part;
  }

  private static String text(ByteBuffer message, int field) throws IOException {
    return StandardCharsets.UTF_8.decode(part(message, field)).toString();
  }

  private static List<String> texts(ByteBuffer message, int field) throws IOException {
    List<String> texts = new ArrayList<>();
    ProtobufReader fields = new ProtobufReader(message);
    while (fields.next()) {
      if (fields.field() == field) {
        texts.add(StandardCharsets.UTF_8.decode(fields.bytes()).toString());
      }
    }
    return texts;
  }

  private static long number(ByteBuffer message, int field) throws IOException {
    long number = 0;
    ProtobufReader fields = new ProtobufReader(message);
    while (fields.next()) {
      number = fields.field() == field ? fields.number() : number;
    }
    return number;
  }

  /** The inputs, without weights. */
  List<TensorInfo> inputs() {
    return inputs.stream().map(Value::info).toList();
  }

  List<TensorInfo> outputs() {
    return outputs.stream().map(Value::info).toList();
  }

  /**
   * The file with concrete sides for its only input, in parts to be concatenated. Sides of values
   * between nodes are left out, because they may belong to another input size. Outputs are declared
   * as scalars: OpenCV requires sides for them, but does not use them.
   */
  List<ByteBuffer> withInput(int[] sides) throws IOException {
    List<ByteBuffer> parts = new ArrayList<>();
    ProtobufReader model = new ProtobufReader(file);
    while (model.next()) {
      if (model.field() == MODEL_GRAPH) {
        List<ByteBuffer> graph = graphWithInput(new ProtobufReader(model.bytes()), sides);
        int length = graph.stream().mapToInt(ByteBuffer::remaining).reduce(0, Math::addExact);
        parts.add(new Message().start(MODEL_GRAPH, length).toBuffer());
        parts.addAll(graph);
      } else {
        parts.add(model.whole());
      }
    }
    return parts;
  }

  private List<ByteBuffer> graphWithInput(ProtobufReader graph, int[] sides) throws IOException {
    String input = inputs.get(0).name();
    List<ByteBuffer> parts = new ArrayList<>();
    while (graph.next()) {
      int field = graph.field();
      if (field == GRAPH_INPUT && text(graph.bytes(), VALUE_NAME).equals(input)) {
        parts.add(tensor(field, inputs.get(0), sides));
      } else if (field == GRAPH_OUTPUT) {
        parts.add(tensor(field, value(graph.bytes())));
      } else if (field != GRAPH_VALUE_INFO) {
        parts.add(graph.whole());
      }
    }
    return parts;
  }

  private static ByteBuffer tensor(int field, Value value, int... sides) {
    Message shape = new Message();
    for (int side : sides) {
      shape.message(SHAPE_DIMENSION, new Message().number(DIMENSION_VALUE, side));
    }
    Message tensor =
        new Message().number(TENSOR_ELEMENT, value.type()).message(TENSOR_SHAPE, shape);
    return new Message()
        .message(
            field,
            new Message()
                .bytes(VALUE_NAME, value.name().getBytes(StandardCharsets.UTF_8))
                .message(VALUE_TYPE, new Message().message(TYPE_TENSOR, tensor)))
        .toBuffer();
  }

  /** Builds a protobuf message. */
  private static final class Message {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Message number(int field, int number) {
      varint(field << 3);
      varint(number);
      return this;
    }

    Message message(int field, Message message) {
      return bytes(field, message.out.toByteArray());
    }

    Message bytes(int field, byte[] bytes) {
      start(field, bytes.length).out.writeBytes(bytes);
      return this;
    }

    /** Writes what comes before the bytes of a field. */
    Message start(int field, int length) {
      varint((field << 3) | 2);
      varint(length);
      return this;
    }

    private void varint(int number) {
      int rest = number;
      while (rest > 0x7f) {
        out.write((rest & 0x7f) | 0x80);
        rest >>>= 7;
      }
      out.write(rest);
    }

    ByteBuffer toBuffer() {
      return ByteBuffer.wrap(out.toByteArray());
    }
  }
}
