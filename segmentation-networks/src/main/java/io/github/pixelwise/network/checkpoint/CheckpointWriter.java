package io.github.pixelwise.network.checkpoint;

import io.github.pixelwise.internal.file.AtomicFile;
import io.github.pixelwise.internal.util.Reason;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Writes named tensors as a checkpoint, in float32 whatever their type: as a state dict for PyTorch
 * or as safetensors. {@link Checkpoint#read} gives the same names, in the same order, with the same
 * bits.
 *
 * <pre>{@code
 * new CheckpointWriter().addAll(tensors).writeStateDict(Path.of("unet.pth"));
 * }</pre>
 *
 * <p>Equal tensors make equal files. For one thread.
 */
public final class CheckpointWriter {
  private final Map<String, WeightTensor> tensors = new LinkedHashMap<>();

  /** Creates a writer that has no tensors yet. */
  public CheckpointWriter() {}

  /** Writes tensors in a format. */
  @FunctionalInterface
  private interface Format {
    void write(Map<String, WeightTensor> tensors, OutputStream out) throws IOException;
  }

  /**
   * Adds a tensor. Its values are read when a file is written.
   *
   * @param name for example {@code backbone.conv1.weight}
   * @param tensor the tensor
   * @return this writer
   * @throws IllegalArgumentException if the name was added before, is {@code __metadata__}, longer
   *     than 1000 characters, or not Unicode, or the tensor has an axis of negative length, more
   *     than 16 axes, or more than 1 GiB of values
   */
  public CheckpointWriter add(String name, WeightTensor tensor) {
    requireName(name);
    requireShape(name, tensor);
    if (tensors.putIfAbsent(name, tensor) != null) {
      throw new IllegalArgumentException(
          "a tensor named " + Text.quote(name) + " was added before; give each a name of its own");
    }
    return this;
  }

  /**
   * Adds tensors. Their values are read when a file is written.
   *
   * @param tensors the tensors by name, for example {@link Checkpoint#tensors()}
   * @return this writer
   * @throws IllegalArgumentException as for {@link #add}
   */
  public CheckpointWriter addAll(Map<String, ? extends WeightTensor> tensors) {
    tensors.forEach(this::add);
    return this;
  }

  private static void requireName(String name) {
    if (name.equals(SafeTensors.METADATA)) {
      throw new IllegalArgumentException(
          "a tensor cannot be named " + name + ", which safetensors reserves; choose another name");
    }
    if (name.length() > TorchObjects.MAX_NAME) {
      throw new IllegalArgumentException(
          "the name %s has %d characters; at most %d can be read again"
              .formatted(Text.quote(name), name.length(), TorchObjects.MAX_NAME));
    }
    if (name.codePoints().anyMatch(c -> Character.getType(c) == Character.SURROGATE)) {
      throw new IllegalArgumentException(
          "the name "
              + Text.quote(name)
              + " is not Unicode: it has half of a surrogate pair; choose another name");
    }
  }

  private static void requireShape(String name, WeightTensor tensor) {
    String what = "the tensor " + Text.quote(name) + ": ";
    try {
      TensorLayout layout =
          TensorLayout.contiguous(tensor.shape().stream().map(Integer::longValue).toList());
      if (layout.elements() > MappedFile.MAX_SLICE / Float.BYTES) {
        throw new IOException(
            "a tensor of shape %s has %d values; at most %d can be read again"
                .formatted(tensor.shape(), layout.elements(), MappedFile.MAX_SLICE / Float.BYTES));
      }
    } catch (IOException e) {
      throw new IllegalArgumentException(what + e.getMessage(), e);
    }
  }

  /**
   * Writes what {@code torch.save(model.state_dict())} writes, for {@code torch.load} of PyTorch
   * 1.13 and newer, with {@code weights_only=True} too.
   *
   * <p>The file is written whole or not at all, and takes heap for one tensor at a time.
   *
   * @param file the file, usually {@code .pth}; replaced if it is there
   * @throws IOException if the file cannot be written, a tensor cannot be read, or the names take
   *     more than 2 MiB with what the format adds to each
   * @throws IllegalStateException if no tensor that has an axis was added, or one gives more or
   *     fewer values than its shape says
   */
  public void writeStateDict(Path file) throws IOException {
    write(file, TorchFile::write);
  }

  /**
   * Writes <a href="https://huggingface.co/docs/safetensors">safetensors</a>.
   *
   * <p>The file is written whole or not at all, and takes heap for one tensor at a time.
   *
   * @param file the file, usually {@code .safetensors}; replaced if it is there
   * @throws IOException as for {@link #writeStateDict}
   * @throws IllegalStateException as for {@link #writeStateDict}
   */
  public void writeSafetensors(Path file) throws IOException {
    write(file, SafeTensors::write);
  }

  private void write(Path file, Format format) throws IOException {
    Objects.requireNonNull(file, "file");
    // Single numbers alone are not taken for a model's weights when the file is read.
    if (tensors.values().stream().allMatch(tensor -> tensor.shape().isEmpty())) {
      throw new IllegalStateException(
          "a checkpoint needs a tensor with at least one axis, found %d tensors without; add one"
              .formatted(tensors.size()));
    }
    try {
      AtomicFile.write(file, out -> format.write(tensors, out));
    } catch (UncheckedIOException e) {
      throw new IOException(
          "cannot write %s: its tensors cannot be read: %s"
              .formatted(file, Reason.of(Objects.requireNonNull(e.getCause()))),
          e);
    }
  }
}
