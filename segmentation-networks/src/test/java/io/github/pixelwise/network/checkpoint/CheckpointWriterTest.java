package io.github.pixelwise.network.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Writes checkpoints and reads them again. {@code written_checkpoints.py} has shown that PyTorch
 * reads written.pth and written.safetensors as they are meant.
 */
class CheckpointWriterTest {
  private enum Format {
    STATE_DICT,
    SAFETENSORS;

    void write(CheckpointWriter writer, Path file) throws IOException {
      if (this == STATE_DICT) {
        writer.writeStateDict(file);
      } else {
        writer.writeSafetensors(file);
      }
    }
  }

  @TempDir private Path folder;

  private static WeightTensor tensor(List<Integer> shape, float... values) {
    return WeightTensor.of(shape, values::clone);
  }

  /** The tensors of {@code written_checkpoints.py}. */
  private static Map<String, WeightTensor> samples() {
    Map<String, WeightTensor> tensors = new LinkedHashMap<>();
    tensors.put("backbone.layer1.0.conv1.weight", tensor(List.of(2, 1, 1, 3), 1, 2, 3, 4, 5, 6));
    tensors.put("bn.num_batches_tracked", tensor(List.of(), 12));
    tensors.put("empty", tensor(List.of(0)));
    tensors.put("no.columns", tensor(List.of(2, 0, 3)));
    tensors.put("Größe.\"\\\n.層.🙂", tensor(List.of(2), 0.1f, -2.5f));
    tensors.put(
        "limits",
        tensor(
            List.of(7),
            Float.MIN_VALUE,
            Float.MAX_VALUE,
            -0f,
            Float.NaN,
            Float.POSITIVE_INFINITY,
            Float.NEGATIVE_INFINITY,
            1e-40f));
    return tensors;
  }

  private static List<String> lines(Map<String, ? extends WeightTensor> tensors) {
    List<String> lines = new ArrayList<>();
    tensors.forEach(
        (name, tensor) -> {
          float[] values = tensor.values();
          int[] bits = new int[values.length];
          Arrays.setAll(bits, i -> Float.floatToRawIntBits(values[i]));
          lines.add(name + " " + tensor.type() + tensor.shape() + Arrays.toString(bits));
        });
    return lines;
  }

  @ParameterizedTest
  @EnumSource
  void whatIsWrittenIsReadAgainToTheBit(Format format) throws IOException {
    Path file = folder.resolve("weights");

    format.write(new CheckpointWriter().addAll(samples()), file);

    assertThat(lines(Checkpoint.read(file).tensors())).isEqualTo(lines(samples()));
  }

  @Test
  void theFilesAreThoseThatPyTorchHasRead() throws IOException {
    CheckpointWriter writer = new CheckpointWriter().addAll(samples());

    writer.writeStateDict(folder.resolve("written.pth"));
    writer.writeSafetensors(folder.resolve("written.safetensors"));

    for (String name : List.of("written.pth", "written.safetensors")) {
      assertThat(folder.resolve(name)).hasSameBinaryContentAs(Samples.path(name));
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyTypeIsWrittenAsFloat32(Format format) throws IOException {
    Map<String, WeightTensor> tensors = Checkpoint.read(Samples.path("types.pth")).tensors();
    Path file = folder.resolve("weights");

    format.write(new CheckpointWriter().addAll(tensors), file);

    Map<String, WeightTensor> written = Checkpoint.read(file).tensors();
    assertThat(written.values()).extracting(WeightTensor::type).containsOnly("float32");
    tensors.forEach(
        (name, tensor) ->
            assertThat(Objects.requireNonNull(written.get(name), name).values())
                .as(name)
                .isEqualTo(tensor.values()));
  }

  @ParameterizedTest
  @EnumSource
  void aCheckpointMayReplaceTheOneItsTensorsComeFrom(Format format) throws IOException {
    Path file = Files.copy(Samples.path("types.safetensors"), folder.resolve("weights"));
    Checkpoint checkpoint = Checkpoint.read(file);

    format.write(new CheckpointWriter().addAll(checkpoint.tensors()), file);

    assertThat(Checkpoint.read(file)).hasToString(file + " (10 tensors)");
  }

  @Test
  void twoTensorsOfOneNameAreRefused() {
    CheckpointWriter writer = new CheckpointWriter().add("conv.weight", tensor(List.of(1), 1));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> writer.addAll(Map.of("conv.weight", tensor(List.of(1), 2))))
        .withMessage(
            "a tensor named 'conv.weight' was already added; give each tensor a different name");
  }

  @Test
  void namesThatCouldNotBeReadAreRefused() {
    CheckpointWriter writer = new CheckpointWriter();
    WeightTensor tensor = tensor(List.of(1), 1);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> writer.add("__metadata__", tensor))
        .withMessage(
            "a tensor cannot be named __metadata__, which is reserved in safetensors; choose "
                + "another name");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> writer.add("half\ud800", tensor))
        .withMessage("the name 'half?' has an unpaired surrogate; choose another name");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> writer.add("n".repeat(1001), tensor))
        .withMessage(
            "the name '%s...' has 1001 characters; the limit is 1000".formatted("n".repeat(200)));
  }

  @Test
  void shapesThatCouldNotBeReadAreRefused() {
    CheckpointWriter writer = new CheckpointWriter();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> writer.add("w", tensor(List.of(2, -1))))
        .withMessage("the tensor 'w': a tensor cannot have shape [2, -1] and strides [1, 1]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> writer.add("w", tensor(List.of(1 << 20, 1 << 20))))
        .withMessage(
            "the tensor 'w': a tensor of shape [1048576, 1048576] has more elements than the"
                + " 2147483639 of an array");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> writer.add("w", tensor(List.of(1 << 14, (1 << 14) + 1))))
        .withMessage(
            "the tensor 'w': a tensor of shape [16384, 16385] has 268451840 values; the limit is"
                + " 268435456");
  }

  @ParameterizedTest
  @EnumSource
  void aCheckpointWithoutWeightsIsRefused(Format format) {
    Path file = folder.resolve("weights");

    assertThatIllegalStateException()
        .isThrownBy(() -> format.write(new CheckpointWriter(), file))
        .withMessage(
            "a checkpoint needs a tensor with at least one axis, found 0 tensors without axes; add "
                + "one");
    assertThatIllegalStateException()
        .isThrownBy(
            () -> format.write(new CheckpointWriter().add("epoch", tensor(List.of(), 3)), file))
        .withMessage(
            "a checkpoint needs a tensor with at least one axis, found 1 tensors without axes; add "
                + "one");
    assertThat(file).doesNotExist();
  }

  @ParameterizedTest
  @EnumSource
  void namesBeyondWhatCanBeReadAreRefused(Format format) throws IOException {
    CheckpointWriter writer = new CheckpointWriter();
    for (int i = 0; i < 2200; i++) {
      writer.add("%01000d".formatted(i), tensor(List.of(1), i));
    }

    assertThatIOException()
        .isThrownBy(() -> format.write(writer, folder.resolve("weights")))
        .withMessageMatching(
            "the (pickle|safetensors header) of 2200 tensors has \\d+ bytes; at most 2097152 can be read, so shorten the names or write several files");
    assertFolderHas();
  }

  @ParameterizedTest
  @EnumSource
  void aTensorThatFailsLeavesTheOldFile(Format format) throws IOException {
    Path file = Files.writeString(folder.resolve("weights"), "old");
    CheckpointWriter writer = new CheckpointWriter().addAll(samples());
    writer.add("wrong", WeightTensor.of(List.of(2, 3), () -> new float[5]));

    assertThatIllegalStateException()
        .isThrownBy(() -> format.write(writer, file))
        .withMessage("the tensor 'wrong' of shape [2, 3] must have 6 values, found 5");

    assertThat(file).hasContent("old");
    assertFolderHas("weights");
  }

  @ParameterizedTest
  @EnumSource
  void aTensorThatCannotBeReadLeavesTheOldFile(Format format) throws IOException {
    Path file = Files.writeString(folder.resolve("weights"), "old");
    CheckpointWriter writer =
        new CheckpointWriter()
            .add(
                "gone",
                WeightTensor.of(
                    List.of(1),
                    () -> {
                      throw new UncheckedIOException(new IOException("the disk is gone"));
                    }));

    assertThatIOException()
        .isThrownBy(() -> format.write(writer, file))
        .withMessage(
            "cannot write %s: its tensors cannot be read: the disk is gone".formatted(file));

    assertThat(file).hasContent("old");
    assertFolderHas("weights");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "missing/weights.pth"})
  void aPlaceWhereNothingCanBeWrittenIsNamed(String name) {
    Path file = folder.resolve(name);
    String reason =
        name.isEmpty() ? "it is a folder" : "there is no folder " + folder.resolve("missing");

    assertThatIOException()
        .isThrownBy(() -> new CheckpointWriter().addAll(samples()).writeStateDict(file))
        .withMessage("cannot write %s: %s".formatted(file, reason));
  }

  private void assertFolderHas(String... names) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).extracting(file -> file.getFileName().toString()).containsExactly(names);
    }
  }
}
