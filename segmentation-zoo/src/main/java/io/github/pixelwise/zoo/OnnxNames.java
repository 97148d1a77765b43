package io.github.pixelwise.zoo;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The names of an ONNX file's inputs and outputs.
 *
 * @param inputs the names of the inputs, except those with values in the file
 * @param outputs the names of the outputs
 * @param sigmoids the names of the outputs of {@code Sigmoid} nodes
 */
record OnnxNames(List<String> inputs, List<String> outputs, List<String> sigmoids) {
  // Fields of ModelProto, GraphProto and NodeProto, and the name fields of TensorProto and
  // ValueInfoProto.
  private static final int GRAPH = 7;
  private static final int NODE = 1;
  private static final int INITIALIZER = 5;
  private static final int INPUT = 11;
  private static final int OUTPUT = 12;
  private static final int NODE_OUTPUT = 2;
  private static final int NODE_OPERATOR = 4;
  private static final int TENSOR_NAME = 8;
  private static final int VALUE_NAME = 1;

  /** What is wrong with a file if there are none. */
  static final String MISSING = "it is not an ONNX file with an input and an output";

  /** Reads a field of a message. */
  @FunctionalInterface
  private interface Field {
    void read(int number) throws IOException;
  }

  /** Whether there is no input or no output, as in a file that is not ONNX or not complete. */
  boolean areMissing() {
    return inputs.isEmpty() || outputs.isEmpty();
  }

  /**
   * Reads the names and skips everything else. A file that is not ONNX has no names: opening it
   * reports the error.
   */
  static OnnxNames read(Path file) throws IOException {
    List<String> inputs = new ArrayList<>();
    List<String> outputs = new ArrayList<>();
    List<String> sigmoids = new ArrayList<>();
    List<String> initializers = new ArrayList<>();
    try (InputStream stream = Files.newInputStream(file)) {
      CodedInputStream in = CodedInputStream.newInstance(stream);
      Field graph =
          number -> {
            switch (number) {
              case NODE -> {
                Map<Integer, String> node = texts(in, NODE_OUTPUT, NODE_OPERATOR);
                if ("Sigmoid".equals(node.get(NODE_OPERATOR))) {
                  sigmoids.add(node.get(NODE_OUTPUT));
                }
              }
              case INITIALIZER -> initializers.add(text(in, TENSOR_NAME));
              case INPUT -> inputs.add(text(in, VALUE_NAME));
              case OUTPUT -> outputs.add(text(in, VALUE_NAME));
              default -> in.skipRawBytes(in.getBytesUntilLimit());
            }
          };
      messages(
          in,
          number -> {
            if (number == GRAPH) {
              messages(in, graph);
            } else {
              in.skipRawBytes(in.getBytesUntilLimit());
            }
          });
    } catch (InvalidProtocolBufferException e) {
      return new OnnxNames(List.of(), List.of(), List.of());
    }
    inputs.removeAll(initializers);
    return new OnnxNames(inputs, outputs, sigmoids);
  }

  /**
   * Reads the fields up to the end of a message. Each length-delimited field is read to its own
   * end.
   */
  private static void messages(CodedInputStream in, Field field) throws IOException {
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
        int outer = in.pushLimit(in.readRawVarint32());
        field.read(WireFormat.getTagFieldNumber(tag));
        in.popLimit(outer);
      } else if (!in.skipField(tag)) {
        return;
      }
    }
  }

  /** Returns the string in a field of the message that ends at the limit. */
  private static String text(CodedInputStream in, int wanted) throws IOException {
    return texts(in, wanted).getOrDefault(wanted, "");
  }

  /** Returns the strings in some fields of the message that ends at the limit, by field number. */
  private static Map<Integer, String> texts(CodedInputStream in, Integer... wanted)
      throws IOException {
    Map<Integer, String> texts = new HashMap<>();
    messages(
        in,
        number -> {
          if (List.of(wanted).contains(number)) {
            texts.put(number, new String(in.readRawBytes(in.getBytesUntilLimit()), UTF_8));
          }
          in.skipRawBytes(in.getBytesUntilLimit());
        });
    return texts;
  }
}
