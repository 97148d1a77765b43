package io.github.pixelwise.internal.file;

import io.github.pixelwise.model.ModelFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds the files beside an ONNX network that hold its weights. Field numbers are those of <a
 * href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3">onnx.proto3</a>.
 */
public final class ExternalWeights {
  private static final int LOCATION = 14;
  private static final int EXTERNAL = 1;
  private static final int EXTERNAL_DATA = 13;
  private static final int KEY = 1;
  private static final int VALUE = 2;

  /** Deeper than any real network; networks that nest deeper are not read. */
  private static final int MAX_DEPTH = 100;

  /** The messages that tensors are found in. */
  private enum Message {
    MODEL,
    TRAINING,
    FUNCTION,
    GRAPH,
    NODE,
    ATTRIBUTE,
    SPARSE_TENSOR,
    TENSOR,
    OTHER;

    /** The message that a field holds. */
    Message field(int field) {
      return switch (this) {
        case MODEL -> field == 7 ? GRAPH : field == 20 ? TRAINING : field == 25 ? FUNCTION : OTHER;
        case TRAINING -> field == 1 || field == 2 ? GRAPH : OTHER;
        case FUNCTION -> field == 7 ? NODE : OTHER;
        case GRAPH -> field == 1 ? NODE : field == 5 ? TENSOR : field == 15 ? SPARSE_TENSOR : OTHER;
        case NODE -> field == 5 ? ATTRIBUTE : OTHER;
        case ATTRIBUTE ->
            switch (field) {
              case 5, 10 -> TENSOR;
              case 6, 11 -> GRAPH;
              case 22, 23 -> SPARSE_TENSOR;
              default -> OTHER;
            };
        case SPARSE_TENSOR -> field == 1 || field == 2 ? TENSOR : OTHER;
        case TENSOR, OTHER -> OTHER;
      };
    }
  }

  private final TreeSet<String> files = new TreeSet<>();

  private ExternalWeights() {}

  /**
   * Reads which files a network's weights are in.
   *
   * @return the files as the network names them, relative to its folder, in the order of their
   *     names; none if it holds all weights itself
   * @throws IOException if the file cannot be read, or is not ONNX
   */
  public static List<String> of(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      if (channel.size() > Integer.MAX_VALUE) {
        throw new IOException(
            "it has %d bytes, but ONNX files have at most 2 GiB".formatted(channel.size()));
      }
      return of(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size()));
    }
  }

  /** As {@link #of(Path)}, for a file's bytes. */
  public static List<String> of(ByteBuffer file) throws IOException {
    ExternalWeights weights = new ExternalWeights();
    weights.read(Message.MODEL, file, 0);
    return List.copyOf(weights.files);
  }

  /**
   * The files with the weights of a file; none if it is not readable ONNX, which the engine will
   * report.
   */
  public static List<String> of(ModelFormat format, Path file) {
    try {
      return format.equals(ModelFormat.ONNX) ? of(file) : List.of();
    } catch (IOException e) {
      return List.of();
    }
  }

  /**
   * Finds a file with weights.
   *
   * @param network the network's file
   * @param name the name of the other file in the network
   * @throws IOException if that file is not in the network's folder or below
   */
  public static Path locate(Path network, String name) throws IOException {
    try {
      Path relative = Path.of(name).normalize();
      if (!name.isEmpty() && !relative.isAbsolute() && !relative.startsWith("..")) {
        return network.resolveSibling(relative);
      }
    } catch (InvalidPathException e) {
      throw outside(name, e);
    }
    throw outside(name, null);
  }

  /**
   * The hash of a network with the files of its weights, as on a card.
   *
   * @throws IOException if a file is missing, cannot be read, or is outside the network's folder
   */
  public static String hash(ModelFormat format, Path network) throws IOException {
    List<Path> whole = new ArrayList<>(List.of(network));
    for (String name : of(format, network)) {
      whole.add(locate(network, name));
    }
    return Sha256.of(whole);
  }

  private static IOException outside(String name, @Nullable Exception cause) {
    return new IOException(
        "its weights are in \"%s\", which is outside its folder; export it as one file"
            .formatted(name),
        cause);
  }

  private void read(Message message, ByteBuffer bytes, int depth) throws IOException {
    if (depth > MAX_DEPTH) {
      throw new IOException("its graphs are nested too deeply");
    }
    if (message == Message.TENSOR) {
      readTensor(bytes);
      return;
    }
    ProtobufReader fields = new ProtobufReader(bytes);
    while (fields.next()) {
      Message held = message.field(fields.field());
      if (held != Message.OTHER) {
        read(held, fields.bytes(), depth + 1);
      }
    }
  }

  private void readTensor(ByteBuffer tensor) throws IOException {
    boolean external = false;
    String file = "";
    ProtobufReader fields = new ProtobufReader(tensor);
    while (fields.next()) {
      if (fields.field() == LOCATION) {
        external = fields.number() == EXTERNAL;
      } else if (fields.field() == EXTERNAL_DATA) {
        ProtobufReader entry = new ProtobufReader(fields.bytes());
        String key = "";
        String value = "";
        while (entry.next()) {
          if (entry.field() == KEY) {
            key = text(entry.bytes());
          } else if (entry.field() == VALUE) {
            value = text(entry.bytes());
          }
        }
        file = key.equals("location") ? value : file;
      }
    }
    if (external) {
      files.add(file);
    }
  }

  private static String text(ByteBuffer bytes) {
    return StandardCharsets.UTF_8.decode(bytes).toString();
  }
}
