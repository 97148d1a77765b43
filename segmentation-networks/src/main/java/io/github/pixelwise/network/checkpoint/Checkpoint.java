package io.github.pixelwise.network.checkpoint;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.github.pixelwise.internal.file.FileContent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * The named tensors of a file of trained weights. Immutable; safe for several threads.
 *
 * <p>Read are, told apart by their content and not by the file's name:
 *
 * <ul>
 *   <li>what {@code torch.save} writes, in the zip format and in the one before PyTorch 1.6: a
 *       state dict, alone or beside other things in a dictionary, or up to three dictionaries deep.
 *       Then it is the entry {@code state_dict}, {@code model_state_dict}, {@code model_state} or
 *       {@code model}, else the dictionary itself, else the only entry that has tensors; of several
 *       entries that have, each name begins with the entry's key. Optimizer states, epochs, scores
 *       and arguments beside it are passed over, and so are plain values in the state dict;
 *   <li>TorchScript archives: each tensor's name is the path of attributes that leads to it, for
 *       example {@code backbone.layer1.0.conv1.weight}. Constants of the code have no names and are
 *       passed over;
 *   <li>safetensors.
 * </ul>
 *
 * <p>The types are float32, float64, float16, bfloat16, bool, uint8 and int8 to int64; complex,
 * quantized and sparse tensors are refused in the state dict and passed over beside it. Names are
 * those of the file; {@link io.github.pixelwise.network.Weights} takes off what training programs
 * put before them.
 *
 * <p>Nothing in a file is ever run, and of its pickle only numbers, texts, plain containers,
 * tensors and TorchScript's modules are built. Objects of other classes are passed over beside the
 * state dict and refused in it, by their name. Limits far above any network's (1 GiB a tensor, 2
 * MiB of names) bound what a hostile file can take.
 *
 * <p>The file is mapped into memory, and values are read from there when they are asked for. It
 * must not be changed as long as the tensors are in use; Windows does not let it be replaced
 * either. In zip archives the checksum of every tensor is compared; the other two formats have
 * none, so that changed values are not noticed.
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
   * Reads a file. Takes the time to read it once where it has checksums, and heap for names only.
   *
   * @param file the file, of any name
   * @return its tensors
   * @throws IOException if there is no such file, it cannot be read, is none of the formats, is
   *     damaged, or holds no tensors or anything that is refused
   */
  public static Checkpoint read(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new IOException(
          "cannot read the checkpoint %s: %s"
              .formatted(file, Files.exists(file) ? "it is no file" : "there is no such file"));
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
   * @return the tensors by name, in the file's order; cannot be changed
   */
  public Map<String, WeightTensor> tensors() {
    return tensors;
  }

  /**
   * Returns where other weights lie in the file, such as a running average of the model's.
   *
   * @return the keys that lead to each, with dots between; mostly empty
   */
  public List<String> passedOver() {
    return passedOver;
  }

  @Override
  public String toString() {
    return file + " (" + tensors.size() + " tensors)";
  }
}
