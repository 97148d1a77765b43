package io.github.pixelwise.network.tflite;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.flatbuffers.FlatBufferBuilder;
import io.github.pixelwise.network.convert.Conversion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that no program writes. */
class HostileTfLiteTest {
  private static final int GRAPHS = 2;
  private static final int OPERATORS = 3;
  private static final int RELU = 19;
  private static final int CONCATENATION = 2;

  @TempDir private Path folder;

  private Path file(byte[] content) throws IOException {
    return Files.write(folder.resolve("hostile.tflite"), content);
  }

  private String message(byte[] content) throws IOException {
    return TfLiteSamples.message(file(content));
  }

  /** A file of which copies with other bytes can be made, by the tables they belong to. */
  private record Bytes(ByteBuffer buffer) {
    static Bytes of(String name) throws IOException {
      byte[] bytes = Files.readAllBytes(TfLiteSamples.path(name));
      return new Bytes(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
    }

    int root() {
      return buffer.getInt(0);
    }

    int field(int table, int number) {
      return table + buffer.getShort(table - buffer.getInt(table) + 4 + 2 * number);
    }

    int target(int position) {
      return position + buffer.getInt(position);
    }

    /** The position of the first element of a vector. */
    int first(int table, int number) {
      return target(field(table, number)) + 4;
    }

    byte[] with(int position, int number) {
      byte[] changed = new byte[buffer.capacity()];
      buffer.get(0, changed);
      ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN).putInt(position, number);
      return changed;
    }
  }

  @Test
  void aRootOutsideOfTheFile() throws IOException {
    Bytes bytes = Bytes.of("person");

    assertThat(message(bytes.with(0, 0x7fff_fff0)))
        .isEqualTo(
            "it is truncated or damaged: it refers to 4 bytes starting at byte 2147483632 of "
                + bytes.buffer().capacity());
    assertThat(message(bytes.with(0, -8)))
        .startsWith("it is truncated or damaged: it refers to 4 bytes starting at byte 4294967288");
  }

  @Test
  void aVtableOutsideOfTheFile() throws IOException {
    Bytes bytes = Bytes.of("person");

    assertThat(message(bytes.with(bytes.root(), Integer.MIN_VALUE)))
        .startsWith("it is truncated or damaged: it refers to 4 bytes starting at byte 2147");
    assertThat(message(bytes.with(bytes.root(), Integer.MAX_VALUE)))
        .startsWith("it is truncated or damaged: it refers to 4 bytes starting at byte -2147");
  }

  @Test
  void aListOutsideOfTheFile() throws IOException {
    Bytes bytes = Bytes.of("person");

    assertThat(message(bytes.with(bytes.field(bytes.root(), GRAPHS), 0x4000_0000)))
        .startsWith("it is truncated or damaged: ");
  }

  @Test
  void aListLongerThanTheFile() throws IOException {
    Bytes bytes = Bytes.of("person");
    int graph = bytes.target(bytes.first(bytes.root(), GRAPHS));
    int operators = bytes.target(bytes.field(graph, OPERATORS));

    assertThat(message(bytes.with(operators, 4_000)))
        .startsWith("operator 3: it is truncated or damaged: ");
    assertThat(message(bytes.with(operators, 1_000_000)))
        .isEqualTo("it has 1000000 operators; at most 5000 can be read");
    assertThat(message(bytes.with(operators, -1)))
        .isEqualTo("it is damaged: it has a list of 4294967295 elements");
  }

  /** The offset 0 refers to itself, and large ones would wrap around to what is before them. */
  @Test
  void aTableThatIsPartOfItself() throws IOException {
    Bytes bytes = Bytes.of("person");
    int graph = bytes.first(bytes.root(), GRAPHS);

    assertThat(message(bytes.with(graph, 0)))
        .isEqualTo("it has 0 inputs; only networks with one are supported");
    assertThat(message(bytes.with(graph, bytes.root() - graph)))
        .startsWith("it is truncated or damaged: ");
  }

  @Test
  void anOperatorThatNeedsItsOwnResult() throws IOException {
    byte[] file = model(RELU, 2, new int[][] {{0}, {2}}, new int[][] {{1}, {2}});

    assertThat(message(file))
        .isEqualTo(
            "operator 1, RELU, which computes \"t\": no operator before it computes its input,"
                + " tensor 2");
  }

  /** The longest row of layers that is accepted can also be converted, on a usual stack. */
  @Test
  void aRowOfLayers() throws IOException {
    TfLiteModel longest = TfLiteModel.read(file(chain(600)));

    assertThat(longest.network().layers()).hasSize(601);
    Conversion.of(longest.network(), longest.weights()).write(folder);
    assertThat(message(chain(601))).endsWith(": it has more than 600 layers in a row");
  }

  private static byte[] chain(int length) {
    int[][] inputs = IntStream.range(0, length).mapToObj(i -> new int[] {i}).toArray(int[][]::new);
    int[][] outputs =
        IntStream.rangeClosed(1, length).mapToObj(i -> new int[] {i}).toArray(int[][]::new);
    return model(RELU, length, inputs, outputs);
  }

  /** Each operator makes 128 times as many channels. */
  @Test
  void resultsThatGrow() throws IOException {
    int[][] inputs = new int[8][128];
    for (int i = 0; i < inputs.length; i++) {
      Arrays.fill(inputs[i], i);
    }
    int[][] outputs =
        IntStream.rangeClosed(1, 8).mapToObj(i -> new int[] {i}).toArray(int[][]::new);

    assertThat(message(model(CONCATENATION, 8, inputs, outputs)))
        .startsWith(
            "operator 1, CONCATENATION, which computes \"t\": its result of 49152 x 8 x 8 exceeds");
  }

  /** A graph whose tensors, named t, all have the shape of an image of 8 x 8, and no numbers. */
  private static byte[] model(int code, int operators, int[][] inputs, int[][] outputs) {
    FlatBufferBuilder builder = new FlatBufferBuilder();
    int shape = ints(builder, 1, 8, 8, 3);
    int name = builder.createString("t");
    int tensor = table(builder, 4, new int[] {0, 3}, shape, name);
    int[] tensors = new int[operators + 1];
    Arrays.fill(tensors, tensor);
    int[] nodes = new int[operators];
    builder.startTable(1);
    builder.addInt(0, -1, 0);
    int options = builder.endTable();
    for (int i = 0; i < operators; i++) {
      nodes[i] =
          table(
              builder,
              5,
              new int[] {1, 2, 4},
              ints(builder, inputs[i]),
              ints(builder, outputs[i]),
              options);
    }
    int graph =
        table(
            builder,
            4,
            new int[] {0, 1, 2, 3},
            builder.createVectorOfTables(tensors),
            ints(builder, 0),
            ints(builder, operators),
            builder.createVectorOfTables(nodes));
    builder.startTable(1);
    builder.addByte(0, (byte) code, 0);
    int codes = builder.createVectorOfTables(new int[] {builder.endTable()});
    int graphs = builder.createVectorOfTables(new int[] {graph});
    builder.finish(table(builder, 3, new int[] {1, 2}, codes, graphs), "TFL3");
    return builder.sizedByteArray();
  }

  private static int table(FlatBufferBuilder builder, int size, int[] fields, int... offsets) {
    builder.startTable(size);
    for (int i = 0; i < fields.length; i++) {
      builder.addOffset(fields[i], offsets[i], 0);
    }
    return builder.endTable();
  }

  private static int ints(FlatBufferBuilder builder, int... numbers) {
    builder.startVector(4, numbers.length, 4);
    for (int i = numbers.length - 1; i >= 0; i--) {
      builder.addInt(numbers[i]);
    }
    return builder.endVector();
  }
}
