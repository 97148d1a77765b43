package io.github.pixelwise.network.checkpoint;

import io.github.pixelwise.internal.file.AtomicFile;
import io.github.pixelwise.internal.util.Reason;
import io.github.pixelwise.network.internal.MappedFile;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Writes named tensors as a checkpoint: a PyTorch state dict or safetensors. All tensors are stored
 * as float32. {@link Checkpoint#read} returns the same names in the same order with the same
 * values.
 *
 * <pre>{@code
 * new CheckpointWriter().addAll(tensors).writeStateDict(Path.of("unet.pth"));
 * }</pre>
 *
 * <p>The same tensors always make the same file. Not safe for use by several threads.
 */
public final class CheckpointWriter {
  private final Map<String, WeightTensor> tensors = new LinkedHashMap<>();

  /** Creates a writer without tensors. */
  public CheckpointWriter() {}

  /** Writes tensors in a format. */
  @FunctionalInterface
  private interface Format {
    void write(Map<String, WeightTensor> tensors, OutputStream out) throws IOException;
  }

  /**
   * Adds a tensor. Its values are read each time a file is written.
   *
   * @param name the tensor's name, for example {@code backbone.conv1.weight}
   * @param tensor the tensor
   * @return this writer
   * @throws IllegalArgumentException if the name was already added, is {@code __metadata__}, is
   *     longer than 1000 characters, or has an unpaired surrogate; or if the tensor has an axis of
   *     negative length, more than 16 axes, or more than 1 GiB of values
   */
  public CheckpointWriter add(String name, WeightTensor tensor) {
    requireName(name);
    requireShape(name, tensor);
    if (tensors.putIfAbsent(name, tensor) != null) {
      throw new IllegalArgumentException(
          "a tensor named "
              + Text.quote(name)
              + " was already added; give each tensor a different name");
    }
    return this;
  }

  /**
   * Adds tensors. Their values are read each time a file is written.
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
          "a tensor cannot be named "
              + name
              + ", which is reserved in safetensors; choose another name");
    }
    if (name.length() > TorchObjects.MAX_NAME) {
      throw new IllegalArgumentException(
          "the name %s has %d characters; the limit is %d"
              .formatted(Text.quote(name), name.length(), TorchObjects.MAX_NAME));
    }
    if (name.codePoints().anyMatch(c -> Character.getType(c) == Character.SURROGATE)) {
      throw new IllegalArgumentException(
          "the name " + Text.quote(name) + " has an unpaired surrogate; choose another name");
    }
  }

  private static void requireShape(String name, WeightTensor tensor) {
    String what = "the tensor " + Text.quote(name) + ": ";
    try {
      TensorLayout layout =
          TensorLayout.contiguous(tensor.shape().stream().map(Integer::longValue).toList());
      if (layout.elements() > MappedFile.MAX_SLICE / Float.BYTES) {
        throw new IOException(
            "a tensor of shape %s has %d values; the limit is %d"
                .formatted(tensor.shape(), layout.elements(), MappedFile.MAX_SLICE / Float.BYTES));
      }
    } catch (IOException e) {
      throw new IllegalArgumentException(what + e.getMessage(), e);
    }
  }

  /**
   * Writes a state dict in the format of {@code torch.save(model.state_dict())}. PyTorch 1.13 and
   * newer can load it with {@code torch.load}, also with {@code weights_only=True}.
   *
   * <p>The file is written completely or not at all. Only one tensor at a time is on the heap.
   *
   * @param file the file, usually {@code .pth}; replaced if it exists
   * @throws IOException if the file cannot be written, a tensor cannot be read, or the names and
   *     the format's overhead for each take more than 2 MiB
   * @throws IllegalStateException if no tensor with at least one axis was added, or the number of a
   *     tensor's values does not match its shape
   */
  public void writeStateDict(Path file) throws IOException {
    write(file, TorchFile::write);
  }

  /**
   * Writes <a href="https://huggingface.co/docs/safetensors">safetensors</a>.
   *
   * <p>The file is written completely or not at all. Only one tensor at a time is on the heap.
   *
   * @param file the file, usually {@code .safetensors}; replaced if it exists
   * @throws IOException as for {@link #writeStateDict}
   * @throws IllegalStateException as for {@link #writeStateDict}
   */
  public void writeSafetensors(Path file) throws IOException {
    write(file, SafeTensors::write);
  }

  private void write(Path file, Format format) throws IOException {
    Objects.requireNonNull(file, "file");
    // A file with only single numbers is not recognized as weights when it is read.
    if (tensors.values().stream().allMatch(tensor -> tensor.shape().isEmpty())) {
      throw new IllegalStateException(
          "a checkpoint needs a tensor with at least one axis, found %d tensors without axes; add one"
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
