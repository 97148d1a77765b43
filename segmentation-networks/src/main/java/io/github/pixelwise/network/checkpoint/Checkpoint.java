package io.github.pixelwise.network.checkpoint;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.github.pixelwise.internal.file.FileContent;
import io.github.pixelwise.network.internal.MappedFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * The named tensors in a file of trained weights. Immutable; safe for use by several threads.
 *
 * <p>The format is detected from the content, not the file's name. These formats are supported:
 *
 * <ul>
 *   <li>files of {@code torch.save}, in the zip format and the one before PyTorch 1.6. The state
 *       dict may be the whole file or nested in up to three dictionaries. In a dictionary, it is
 *       the entry {@code state_dict}, {@code model_state_dict}, {@code model_state} or {@code
 *       model}; otherwise the dictionary itself; otherwise the only entry with tensors. If several
 *       entries have tensors, their keys become prefixes of the names. Everything else, such as
 *       optimizer states, epochs, metrics and arguments, is skipped, and so are plain values in the
 *       state dict;
 *   <li>TorchScript archives. Each tensor's name is its attribute path, for example {@code
 *       backbone.layer1.0.conv1.weight}. Constants in the code have no names and are skipped;
 *   <li>safetensors.
 * </ul>
 *
 * <p>The supported types are float32, float64, float16, bfloat16, bool, uint8 and int8 to int64.
 * Complex, quantized and sparse tensors are rejected in the state dict and skipped elsewhere. Names
 * are as in the file; {@link io.github.pixelwise.network.Weights} removes the prefixes added by
 * training programs.
 *
 * <p>No code in a file is ever executed. Only numbers, strings, plain containers, tensors and
 * TorchScript modules are loaded from a pickle. Objects of other classes are rejected in the state
 * dict and skipped elsewhere. Limits far above any network's needs (1 GiB per tensor, 2 MiB of
 * names) bound the memory a hostile file can use.
 *
 * <p>The file is mapped into memory, and values are read on each request. The file must not change
 * while the tensors are in use, and Windows does not allow replacing it. In zip archives, the
 * checksum of each tensor is verified. The other two formats have no checksums, so damaged values
 * go unnoticed.
 *
 * @see CheckpointWriter
 */
public final class Checkpoint {
  private static final String ZIP = "PK\3\4";

  private final Path file;
  private final Map<String, WeightTensor> tensors;
  private final List<String> passedOver;

  private Checkpoint(Path file, Contents contents) {
    this.file = file;
    this.tensors = Collections.unmodifiableMap(contents.tensors());
    this.passedOver = List.copyOf(contents.passedOver());
  }

  /**
   * Reads a file. If it has checksums, all of it is read once. Only names are kept on the heap.
   *
   * @param file the file, with any name
   * @return its tensors
   * @throws IOException if the file does not exist, cannot be read, has another format, is damaged,
   *     has no tensors, or contains anything that is rejected
   */
  public static Checkpoint read(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new IOException(
          "cannot read the checkpoint %s: %s"
              .formatted(file, Files.exists(file) ? "it is not a file" : "there is no such file"));
    }
    try {
      return new Checkpoint(file, contents(MappedFile.read(file)));
    } catch (IOException e) {
      throw new IOException("cannot read the checkpoint " + file + ": " + e.getMessage(), e);
    }
  }

  private static Contents contents(MappedFile file) throws IOException {
    String start = start(file);
    if (start.startsWith(ZIP)) {
      return TorchFile.readZip(file);
    }
    if (TorchFile.isLegacy(file)) {
      return TorchFile.readLegacy(file);
    }
    if (SafeTensors.isFormat(file)) {
      return new Contents(SafeTensors.read(file), List.of());
    }
    throw new IOException(
        FileContent.describe(start)
            + "; expected a state dict or TorchScript archive of PyTorch (.pth, .pt), or"
            + " safetensors");
  }

  private static String start(MappedFile file) throws IOException {
    ByteBuffer start = file.slice(0, Math.min(file.size(), 16), "the start");
    return ISO_8859_1.decode(start).toString();
  }

  /**
   * Returns the tensors.
   *
   * @return an unmodifiable map of the tensors by name, in the file's order
   */
  public Map<String, WeightTensor> tensors() {
    return tensors;
  }

  /**
   * Returns where the file has other weights, such as a running average.
   *
   * @return the path of keys to each, separated by dots; usually empty
   */
  public List<String> passedOver() {
    return passedOver;
  }

  @Override
  public String toString() {
    return file + " (" + tensors.size() + " tensors)";
  }
}
