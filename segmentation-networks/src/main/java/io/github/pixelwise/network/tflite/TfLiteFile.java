package io.github.pixelwise.network.tflite;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.github.pixelwise.internal.file.FileContent;
import io.github.pixelwise.network.internal.MappedFile;
import io.github.pixelwise.spi.ElementType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The tables of a TensorFlow Lite file. Numbers of fields are those of the public schema,
 * tensorflow/lite/schema/schema.fbs. Only what operators refer to is read, within limits far above
 * what networks for images need, so that a hostile file cannot use much memory.
 */
final class TfLiteFile {
  private static final String IDENTIFIER = "TFL3";
  private static final int IDENTIFIER_START = 4;

  /** The bytes by which a file is identified. */
  static final int START = 16;

  /** The most operators; networks for images have some hundreds. */
  private static final int MOST_OPERATORS = 5_000;

  private static final int MOST_TENSORS = 50_000;
  private static final int MOST_OPERANDS = 128;
  private static final int MOST_AXES = 8;
  private static final int MOST_SCALES = 1 << 20;

  private final MappedFile file;
  private final FlatTable model;
  private final FlatTable graph;
  private final Map<Integer, StoredTensor> stored = new HashMap<>();

  /** The numbers of all scales that were read. */
  private long scales;

  private TfLiteFile(MappedFile file, FlatTable model, FlatTable graph) {
    this.file = file;
    this.model = model;
    this.graph = graph;
  }

  /** Whether a file starts like this format: the offset of the root, and an identifier. */
  static boolean isTfLite(byte[] start) {
    return new String(start, ISO_8859_1).startsWith(IDENTIFIER, IDENTIFIER_START);
  }

  static TfLiteFile of(MappedFile file) throws IOException {
    byte[] start = new byte[(int) Math.min(file.size(), START)];
    file.slice(0, start.length, "the start").get(start);
    if (!isTfLite(start)) {
      throw new IOException(
          FileContent.describe(new String(start, ISO_8859_1))
              + "; expected a TensorFlow Lite file (.tflite)");
    }
    FlatTable model = FlatTable.root(file.slice(0, file.size(), "the file"));
    if (model.length(2) == 0) {
      throw new IOException("it has no graph");
    }
    FlatTable graph = model.table(2, 0);
    limit("operators", graph.length(3), MOST_OPERATORS);
    limit("tensors", graph.length(0), MOST_TENSORS);
    return new TfLiteFile(file, model, graph);
  }

  private static void limit(String what, int found, int most) throws IOException {
    if (found > most) {
      throw new IOException("it has %d %s; at most %d can be read".formatted(found, what, most));
    }
  }

  int[] inputs() throws IOException {
    return graph.int32s(1, MOST_OPERANDS);
  }

  int[] outputs() throws IOException {
    return graph.int32s(2, MOST_OPERANDS);
  }

  int operatorCount() throws IOException {
    return graph.length(3);
  }

  /** The operator at an index, in the order in which they run. */
  Node operator(int index) throws IOException {
    FlatTable table = graph.table(3, index);
    FlatTable code = model.table(1, table.int32(0, 0));
    // The first field has only a byte; codes above 127 are in the later one.
    int number = Math.max(code.int8(0, 0), code.int32(3, 0));
    return new Node(
        index,
        number,
        code.text(1),
        code.int32(2, 1),
        table.int32s(1, MOST_OPERANDS),
        table.int32s(2, MOST_OPERANDS),
        table.table(4),
        table.bytes(5));
  }

  /** The name of a tensor. */
  String name(int tensor) throws IOException {
    return tensor(tensor).text(3);
  }

  private FlatTable tensor(int index) throws IOException {
    return graph.table(0, index);
  }

  /** The code of a tensor's type. */
  int type(int tensor) throws IOException {
    return tensor(tensor).int8(1, 0);
  }

  /** The lengths of a tensor's axes, each at least 0. */
  List<Integer> shape(int tensor) throws IOException {
    int[] lengths = tensor(tensor).int32s(0, MOST_AXES);
    if (Arrays.stream(lengths).anyMatch(length -> length < 0)) {
      throw new IOException(
          "tensor %d has the shape %s; sides must be known"
              .formatted(tensor, Arrays.toString(lengths)));
    }
    return Arrays.stream(lengths).boxed().toList();
  }

  /** Whether the file leaves a side of a tensor open. */
  boolean isOpen(int tensor) throws IOException {
    int[] signature = tensor(tensor).int32s(7, MOST_AXES);
    return Arrays.stream(signature).skip(1).anyMatch(length -> length < 0);
  }

  Quantization quantization(int tensor) throws IOException {
    Quantization quantization = Quantization.of(tensor(tensor).table(4), shape(tensor));
    scales += quantization.scales().length;
    if (scales > MOST_SCALES) {
      throw new IOException("it has more than %d scales".formatted(MOST_SCALES));
    }
    return quantization;
  }

  /** The highest number that an 8-bit tensor holds, if its lowest is 0; otherwise 0. */
  float highestIfFromZero(int tensor) throws IOException {
    int type = type(tensor);
    if (type != TensorType.UINT8 && type != TensorType.INT8) {
      return 0;
    }
    Quantization quantization = quantization(tensor);
    boolean fromZero =
        quantization.scales().length == 1
            && quantization.zeroPoints()[0] == (type == TensorType.INT8 ? -128 : 0);
    float highest = fromZero ? 255 * quantization.scales()[0] : 0;
    return Float.isFinite(highest) ? highest : 0;
  }

  /** The numbers of a tensor, if the file has them. */
  Optional<StoredTensor> stored(int tensor) throws IOException {
    StoredTensor known = stored.get(tensor);
    if (known != null) {
      return Optional.of(known);
    }
    FlatTable table = tensor(tensor);
    int buffer = table.int32(2, 0);
    if (buffer == 0) {
      return Optional.empty();
    }
    ByteBuffer bytes = buffer(buffer);
    if (bytes.limit() == 0) {
      return Optional.empty();
    }
    if (table.has(6)) {
      throw new IOException("tensor %d is sparse, which is not supported".formatted(tensor));
    }
    List<Integer> shape = shape(tensor);
    ElementType element = TensorType.element(type(tensor));
    OptionalLong count = product(shape, bytes.limit());
    if (count.isEmpty() || count.getAsLong() * element.bytes() != bytes.limit()) {
      throw new IOException(
          "tensor %d has %d bytes, which is not %s of %s"
              .formatted(tensor, bytes.limit(), shape, element));
    }
    StoredTensor found = new StoredTensor(file, shape, element, bytes, quantization(tensor));
    stored.put(tensor, found);
    return Optional.of(found);
  }

  /** The number of elements of a shape, or empty if it is above a limit. */
  private static OptionalLong product(List<Integer> shape, long limit) {
    long product = 1;
    for (int length : shape) {
      product *= length;
      if (product > limit) {
        return OptionalLong.empty();
      }
    }
    return OptionalLong.of(product);
  }

  /** The bytes of a buffer: inside its table, or after all tables. */
  private ByteBuffer buffer(int index) throws IOException {
    FlatTable buffer = model.table(4, index);
    long start = buffer.int64(1, 0);
    return start > 1 ? file.slice(start, buffer.int64(2, 0), "buffer " + index) : buffer.bytes(0);
  }

  /** The buffer of metadata with a name, if there is one. */
  Optional<ByteBuffer> metadata(String name) throws IOException {
    int count = Math.min(model.length(6), MOST_OPERANDS);
    for (int i = 0; i < count; i++) {
      FlatTable entry = model.table(6, i);
      if (entry.text(0).equals(name)) {
        return Optional.of(buffer(entry.int32(1, 0)));
      }
    }
    return Optional.empty();
  }
}
