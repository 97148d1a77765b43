package io.github.pixelwise.network.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads what PyTorch wrote; {@code checkpoints.py} made the files and the expected values. */
class CheckpointTest {
  private static final Path SHARED_MODELS = Path.of("../../shared/models");

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "types.pth",
        "types-legacy.pth",
        "types.safetensors",
        "views.pth",
        "views-legacy.pth",
        "views.safetensors",
        "protocol4.pth",
        "zip64.pth",
        "training.pth",
        "training-legacy.pth",
        "slices-legacy.pth",
        "others.pth",
        "others-legacy.pth",
        "nested.pth",
        "lightning.pth",
        "lightning-legacy.pth",
        "several.pth"
      })
  void aFileGivesWhatPyTorchReads(String name) throws Exception {
    assertThat(lines(name, Checkpoint.read(Samples.path(name)))).isEqualTo(golden(name));
  }

  @Test
  void weightsBesideTheModelsAreNamed() throws Exception {
    assertThat(Checkpoint.read(Samples.path("nested.pth")).passedOver())
        .containsExactly("checkpoint.model_ema");
    assertThat(Checkpoint.read(Samples.path("lightning.pth")).passedOver()).isEmpty();
    assertThat(Checkpoint.read(Samples.path("several.pth")).passedOver()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "object-inside.pth | among its tensors, 'path' needs 'pathlib.PosixPath', which is neither a tensor nor a plain container and is not allowed; save the model's state_dict() without it",
        "module.pth | it needs 'project.nets.Net', which is neither a tensor nor a plain container and is not allowed; save the model's state_dict() instead",
        "module-legacy.pth | it needs 'project.nets.Net', which is neither a tensor nor a plain container and is not allowed; save the model's state_dict() instead",
        "module-inside.pth | it contains no dictionary of tensors, but only the keys 'model, epoch' with"
            + " objects of 'project.nets.Net', which are not loaded; save the model's state_dict()"
      })
  void anObjectInPlaceOfWeightsIsRefusedByItsClass(String name, String message) {
    assertThatThrownBy(() -> Checkpoint.read(Samples.path(name)))
        .isInstanceOf(IOException.class)
        .hasMessage("cannot read the checkpoint %s: %s", Samples.path(name), message);
  }

  @Test
  void aTorchScriptArchiveGivesTheTensorsByTheirAttributes() throws Exception {
    // In the order of the file, which is not that of state_dict().
    assertThat(lines("scripted.pt", Checkpoint.read(Samples.path("scripted.pt"))))
        .containsExactlyInAnyOrderElementsOf(golden("scripted.pt"));
  }

  @Test
  void aFrozenTorchScriptArchiveIsRefused() {
    assertThatThrownBy(() -> Checkpoint.read(Samples.path("frozen.pt")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("frozen.pt")
        .hasMessageContaining("without tensors in its modules")
        .hasMessageContaining("without freezing it");
  }

  @Test
  void theNameOfAFileDoesNotMatter() throws Exception {
    Path file = folder.resolve("picture.jpg");
    Files.copy(Samples.path("types.safetensors"), file);

    assertThat(Checkpoint.read(file)).hasToString(file + " (10 tensors)");
  }

  @Test
  void tensorsCannotBeChanged() throws Exception {
    Map<String, WeightTensor> tensors = Checkpoint.read(Samples.path("types.pth")).tensors();
    WeightTensor tensor = tensor(tensors, "int8");

    tensor.values()[0] = 5;

    assertThat(tensor.values()).startsWith(0);
    assertThatThrownBy(tensors::clear).isInstanceOf(UnsupportedOperationException.class);
    assertThat(tensor).hasToString("int8 [5]");
  }

  @Test
  void aTensorFourGibibytesIntoTheFileIsRead() throws Exception {
    long gibibyte = 1L << 30;
    StringBuilder header = new StringBuilder("{");
    for (int i = 0; i < 4; i++) {
      header.append(entry("big" + i, 1 << 28, i * gibibyte, (i + 1) * gibibyte)).append(',');
    }
    header.append(entry("last", 2, 4 * gibibyte, 4 * gibibyte + 8)).append('}');
    Path file = folder.resolve("big.safetensors");
    // The four are a hole in the file, which takes no room on the disk.
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.WRITE,
            StandardOpenOption.SPARSE)) {
      channel.write(
          littleEndian(8 + header.length())
              .putLong(header.length())
              .put(header.toString().getBytes(UTF_8))
              .flip());
      channel.write(
          littleEndian(8).putFloat(1.5f).putFloat(-2).flip(), 8 + header.length() + 4 * gibibyte);
    }

    Map<String, WeightTensor> tensors = Checkpoint.read(file).tensors();

    assertThat(tensor(tensors, "last").values()).containsExactly(1.5f, -2);
    assertThat(tensor(tensors, "big3").shape()).containsExactly(1 << 28);
  }

  private static String entry(String name, int length, long start, long end) {
    return "\"%s\":{\"dtype\":\"F32\",\"shape\":[%d],\"data_offsets\":[%d,%d]}"
        .formatted(name, length, start, end);
  }

  private static ByteBuffer littleEndian(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "mapped files cannot be cut short elsewhere")
  void aFileThatIsCutShortAfterReadingGivesAnError() throws Exception {
    Path file = folder.resolve("cut.safetensors");
    int bytes = 1 << 16; // more than a page, beyond whose end memory has no file
    byte[] header = ("{" + entry("weight", bytes / 4, 0, bytes) + "}").getBytes(UTF_8);
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      channel.write(littleEndian(8 + header.length).putLong(header.length).put(header).flip());
      channel.write(littleEndian(bytes));
    }
    WeightTensor tensor = tensor(Checkpoint.read(file).tensors(), "weight");
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(100);
    }

    assertThatThrownBy(tensor::values)
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("read it again");
  }

  @Test
  void theEmbeddedModelIsTheSameAsStateDictAndAsTorchScript() throws Exception {
    Path stateDict = SHARED_MODELS.resolve("deeplabv3plus-mobilenetv2-voc.pth");
    assumeTrue(Files.exists(stateDict), stateDict + " is not on this machine");
    Map<String, WeightTensor> weights = Checkpoint.read(stateDict).tensors();

    Map<String, WeightTensor> scripted =
        Checkpoint.read(SHARED_MODELS.resolve("deeplabv3plus-mobilenetv2-voc.pt")).tensors();

    // The archive has the counts of batches, too.
    assertThat(scripted).hasSize(392).containsKeys(weights.keySet().toArray(String[]::new));
    assertThat(weights).hasSize(327);
    long parameters = 0;
    for (Map.Entry<String, WeightTensor> weight : weights.entrySet()) {
      WeightTensor other = tensor(scripted, weight.getKey());
      float[] values = weight.getValue().values();
      assertThat(other.shape()).isEqualTo(weight.getValue().shape());
      assertThat(other.values()).as(weight.getKey()).isEqualTo(values);
      boolean parameter = !weight.getKey().contains("running_");
      parameters += parameter ? values.length : 0;
    }
    assertThat(parameters).isEqualTo(2_157_253); // as the model's description says
  }

  private static WeightTensor tensor(Map<String, WeightTensor> tensors, String name) {
    return Objects.requireNonNull(tensors.get(name), name);
  }

  private static List<String> golden(String file) throws IOException {
    try (Stream<String> lines = Files.lines(Samples.path("checkpoints.txt"))) {
      return lines.filter(line -> line.startsWith(file + " ")).toList();
    }
  }

  private static List<String> lines(String file, Checkpoint checkpoint) {
    Map<String, String> lines = new LinkedHashMap<>();
    checkpoint.tensors().forEach((name, tensor) -> lines.put(name, line(file, name, tensor)));
    return List.copyOf(lines.values());
  }

  private static String line(String file, String name, WeightTensor tensor) {
    String shape = String.join(",", tensor.shape().stream().map(String::valueOf).toList());
    float[] values = tensor.values();
    String[] bits = new String[values.length];
    Arrays.setAll(bits, i -> "%08x".formatted(Float.floatToIntBits(values[i])));
    return String.join(" ", file, name, tensor.type(), dash(shape), dash(String.join(",", bits)));
  }

  private static String dash(String text) {
    return text.isEmpty() ? "-" : text;
  }
}
