package io.github.pixelwise.internal.file;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.github.pixelwise.model.ModelFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.ProviderNotFoundException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Identifies by its content a file that was mistaken for a model. */
public final class FileContent {
  private static final String ZIP = "PK\3\4";
  private static final String GZIP = "\u001f\u008b";
  private static final String LFS_POINTER = "version https:/";
  private static final String PERHAPS_AN_ERROR = ", perhaps an error that was downloaded instead";
  private static final String WEIGHTS =
      "weights without a network: convert it with 'segment models convert', or export the network"
          + " with %s";

  /** The class of the first object in a pickle. */
  private static final Pattern PICKLED_CLASS =
      Pattern.compile("^\u0080.(?:\u0095.{8})?c([\\w.]+)\n(\\w+)\n", Pattern.DOTALL);

  private FileContent() {}

  /**
   * Describes a file that is in no supported format, as the end of a sentence.
   *
   * @param start its first 16 bytes, or all if there are fewer, as ISO 8859-1
   */
  public static String describe(String start) {
    return known(start)
        .orElseGet(
            () ->
                isOnnx(start)
                    ? "it is probably an ONNX file, which the backends open directly"
                    : "it begins with the bytes "
                        + HexFormat.ofDelimiter(" ").formatHex(start.getBytes(ISO_8859_1)));
  }

  /** Describes content that is never a model. */
  private static Optional<String> known(String start) {
    String text = start.replaceFirst("^\u00ef\u00bb\u00bf", "").stripLeading();
    String found = null;
    if (start.isEmpty()) {
      found = "it is empty";
    } else if (start.startsWith(LFS_POINTER)) {
      found = "it is a Git LFS pointer, not the file itself, which git lfs pull fetches";
    } else if (text.startsWith("<")) {
      found = "it is a web page or XML" + PERHAPS_AN_ERROR;
    } else if (start.startsWith("\u00ff\u00d8\u00ff")) {
      found = "it is a JPEG picture";
    } else if (start.startsWith("\u0089PNG")) {
      found = "it is a PNG picture";
    } else if (start.startsWith("\u0089HDF")) {
      found = "it is an HDF5 file, as Keras writes";
    } else if (start.startsWith(GZIP)) {
      found = "it is compressed with gzip";
    } else if (start.startsWith("TFL3", 4)) {
      found = "it is a TensorFlow Lite file";
    } else if (start.chars().allMatch(c -> (c >= ' ' && c < 0x7f) || (c >= '\t' && c <= '\r'))) {
      String line = start.lines().findFirst().orElse("");
      found = "it is a text file that begins with \"" + line + "\"" + PERHAPS_AN_ERROR;
    }
    return Optional.ofNullable(found);
  }

  private static boolean isOnnx(String start) {
    return start.startsWith("\b") && start.charAt(Math.min(2, start.length() - 1)) == '\u0012';
  }

  /**
   * Describes a file that is not in a format, and what to do, as a sentence without its period;
   * empty if an engine should try it.
   *
   * @param format ONNX or TorchScript; files in other formats are not examined
   */
  static Optional<String> unlike(ModelFormat format, Path file) throws IOException {
    boolean onnx = format.equals(ModelFormat.ONNX);
    if (!onnx && !format.equals(ModelFormat.TORCHSCRIPT)) {
      return Optional.empty();
    }
    String start = start(file);
    String export = onnx ? "torch.onnx.export" : "torch.jit.script(model).save(\"model.pt\")";
    if (start.startsWith(ZIP)) {
      return inZip(file, onnx, export);
    }
    if (start.startsWith("\u0080") && start.length() > 1 && start.charAt(1) <= 5) {
      return Optional.of(
          "it is a pickle, as torch.save writes it: convert it with 'segment models convert' if it"
              + " holds weights, or export the network with "
              + export);
    }
    if (isSafetensors(start)) {
      return Optional.of("it is a safetensors file, " + WEIGHTS.formatted(export));
    }
    if (!onnx && isOnnx(start)) {
      return Optional.of("it is probably an ONNX file: name it with the key file.onnx");
    }
    return known(start).map(found -> found + advice(found, format));
  }

  private static String advice(String found, ModelFormat format) {
    if (found.contains("Git LFS")) {
      return "";
    }
    if (found.contains("gzip")) {
      return ": unpack it";
    }
    if (found.contains("TensorFlow Lite")) {
      return ": convert it with 'segment models convert'";
    }
    return found.endsWith(PERHAPS_AN_ERROR) || found.contains("empty")
        ? ": download it again"
        : ": use the model's file in the format " + format;
  }

  private static String start(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return new String(in.readNBytes(64), ISO_8859_1);
    }
  }

  /** A length below 2^32, followed by a brace. */
  private static boolean isSafetensors(String start) {
    return start.length() > Long.BYTES
        && start.startsWith("\0\0\0\0{", 4)
        && !start.startsWith("\0\0\0\0");
  }

  private static Optional<String> inZip(Path file, boolean onnx, String export) throws IOException {
    try (FileSystem zip = FileSystems.newFileSystem(file);
        Stream<Path> entries = Files.walk(zip.getPath("/"), 2)) {
      List<String> names = entries.map(entry -> entry.toString().substring(1)).toList();
      if (find(names, "[^/]+/constants\\.pkl|[^/]+/model\\.json").isPresent()) {
        return onnx
            ? Optional.of(
                "it is TorchScript: name it with the key file.torchscript, for backend djl")
            : Optional.empty();
      }
      Optional<String> pickle = find(names, "[^/]+/data\\.pkl");
      if (pickle.isPresent()) {
        return Optional.of(pickled(start(zip.getPath(pickle.get()))).formatted(export));
      }
      if (find(names, "[^/]+/archive_format|serialized_exported_program\\.json").isPresent()) {
        return Optional.of(
            "it is a torch.export program (.pt2), which no engine here reads: export the network"
                + " with "
                + export);
      }
      return Optional.of(
          find(names, "(?i).*\\.(onnx|pt|pth|torchscript)")
              .map("it is a zip archive that holds %s: unpack it"::formatted)
              .orElse("it is a zip archive without a supported network"));
    } catch (IOException | ProviderNotFoundException e) {
      // If Java cannot read the archive, the engine may still be able to, unless its end is
      // missing.
      return hasEnd(file)
          ? Optional.empty()
          : Optional.of("it is a truncated zip archive: download it again");
    }
  }

  private static Optional<String> find(List<String> names, String pattern) {
    return names.stream().filter(name -> name.matches(pattern)).findFirst();
  }

  /**
   * Whether a zip archive has its last record, which is followed by a comment of at most 64 KiB.
   */
  private static boolean hasEnd(Path file) throws IOException {
    try (SeekableByteChannel in = Files.newByteChannel(file)) {
      in.position(Math.max(0, in.size() - (1 << 16)));
      byte[] end = Channels.newInputStream(in).readAllBytes();
      return new String(end, ISO_8859_1).contains("PK\5\6");
    }
  }

  /**
   * Describes what a pickle of {@code torch.save} holds by its class: a dictionary or a network.
   */
  private static String pickled(String start) {
    Matcher object = PICKLED_CLASS.matcher(start);
    return object.find() && !object.group(1).equals("collections")
        ? "it is a pickled object of the Python class %s.%s, which only Python can open: export the network there with %%s"
            .formatted(object.group(1), object.group(2))
        : "it is a PyTorch checkpoint, " + WEIGHTS;
  }
}
