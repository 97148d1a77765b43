package io.github.pixelwise.training;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.github.pixelwise.network.Network;
import io.github.pixelwise.network.checkpoint.WeightTensor;
import io.github.pixelwise.training.CheckpointFolder.Kind;
import io.github.pixelwise.training.CheckpointFolder.Saved;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class CheckpointFolderTest {
  private static final Network NETWORK = Tiny.network(2);
  private static final Map<String, String> RECIPE = Map.of("lr", "0.007", "loss", "focal");

  @TempDir private Path folder;

  private CheckpointFolder checkpoints() {
    return new CheckpointFolder(folder.resolve("checkpoints"));
  }

  static RunState state(int epoch) {
    return new RunState(
        CheckpointFolder.describe(NETWORK),
        RECIPE,
        epoch,
        10_000_000_000L + epoch,
        0.1 + 0.2,
        1,
        4,
        Map.of("schedule", "größer = \\ 1e-3\nsecond line"));
  }

  private void save(Kind kind, int epoch) throws IOException {
    checkpoints().save(kind, state(epoch), Tiny.tensors(NETWORK, epoch));
  }

  private void requireEpoch(Kind kind, int epoch) throws IOException {
    Saved saved = checkpoints().load(kind).orElseThrow();
    assertThat(saved.state()).isEqualTo(state(epoch));
    Map<String, WeightTensor> expected = Tiny.tensors(NETWORK, epoch);
    assertThat(saved.tensors()).containsOnlyKeys(expected.keySet());
    expected.forEach(
        (name, tensor) -> {
          WeightTensor found = Objects.requireNonNull(saved.tensors().get(name));
          assertThat(found.shape()).isEqualTo(tensor.shape());
          assertThat(found.values()).isEqualTo(tensor.values());
        });
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("checkpoints"))) {
      return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    }
  }

  @Test
  void givesBackWhatWasSavedLast() throws IOException {
    assertThat(checkpoints().load(Kind.LAST)).isEmpty();
    assertThat(checkpoints().has(Kind.LAST)).isFalse();

    save(Kind.LAST, 1);
    requireEpoch(Kind.LAST, 1);
    save(Kind.BEST, 2);
    save(Kind.LAST, 2);
    save(Kind.LAST, 3);

    requireEpoch(Kind.LAST, 3);
    requireEpoch(Kind.BEST, 2);
    assertThat(files())
        .containsExactly(
            "best-1.safetensors", "best.properties", "last-3.safetensors", "last.properties");
  }

  @Test
  void keepsTheMetricThatIsNotThereYet() throws IOException {
    RunState first = new RunState("network", Map.of(), 0, 0, Double.NaN, 0, 0, Map.of());
    checkpoints().save(Kind.LAST, first, Tiny.tensors(NETWORK, 1));

    assertThat(checkpoints().load(Kind.LAST).orElseThrow().state()).isEqualTo(first);
  }

  @Test
  void keepsThePreviousOneIfATensorFails() throws IOException {
    save(Kind.LAST, 1);
    Map<String, WeightTensor> tensors = Tiny.tensors(NETWORK, 2);
    tensors.put(
        "broken",
        WeightTensor.of(
            List.of(1),
            () -> {
              throw new UncheckedIOException(new IOException("No space left on device"));
            }));

    assertThatIOException()
        .isThrownBy(() -> checkpoints().save(Kind.LAST, state(2), tensors))
        .withMessage(
            "cannot save the last checkpoint, of epoch 2, in %s: No space left on device. The previous one is still there: make room, and resume the run",
            folder.resolve("checkpoints"));

    requireEpoch(Kind.LAST, 1);
    assertThat(files()).containsExactly("last-1.safetensors", "last.properties");
  }

  @Test
  void keepsThePreviousOneIfTheTextCannotBeReplaced() throws IOException {
    save(Kind.LAST, 1);
    Path text = folder.resolve("checkpoints/last.properties");
    String before = Files.readString(text);
    Files.delete(text);
    Files.createDirectory(text);

    assertThatIOException()
        .isThrownBy(() -> save(Kind.LAST, 2))
        .withMessageContaining("cannot write " + text + ": it is a folder");

    Files.delete(text);
    Files.writeString(text, before);
    requireEpoch(Kind.LAST, 1);
    save(Kind.LAST, 2);
    requireEpoch(Kind.LAST, 2);
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void keepsThePreviousOneIfTheDiskIsFull() throws IOException {
    save(Kind.LAST, 1);
    Path inside = folder.resolve("checkpoints");
    ProcessBuilder command = SaveInAnotherJvm.command(inside, 1);
    // A shell that lets no file grow beyond 200 blocks, of 512 or 1024 bytes.
    command.command().addAll(0, List.of("sh", "-c", "ulimit -f 200; exec \"$@\"", "sh"));

    Process process = command.start();
    try (BufferedReader said = process.inputReader(UTF_8)) {
      assertThat(said.lines())
          .containsExactly(
              "cannot save the last checkpoint, of epoch 1, in %s: File too large. The previous one is still there: make room, and resume the run"
                  .formatted(inside));
    } finally {
      process.destroyForcibly();
    }
    requireEpoch(Kind.LAST, 1);
    assertThat(files()).containsExactly("last-1.safetensors", "last.properties");
  }

  @Test
  void keepsThePreviousOneIfTheProcessIsKilledWhileSaving() throws Exception {
    Process process = SaveInAnotherJvm.command(folder.resolve("checkpoints"), 3).start();
    try (BufferedReader said = process.inputReader(UTF_8)) {
      assertThat(said.readLine()).isEqualTo("1");
      assertThat(said.readLine()).isEqualTo("2");
      assertThat(said.readLine()).isEqualTo("waiting");
    } finally {
      process.destroyForcibly().waitFor();
    }

    requireEpoch(Kind.LAST, 2);
    assertThat(files()).hasSize(3).anyMatch(name -> name.endsWith(".part"));
    save(Kind.LAST, 3);
    requireEpoch(Kind.LAST, 3);
    assertThat(files()).containsExactly("last-3.safetensors", "last.properties");
  }

  @Test
  void hasACompleteOneWheneverTheProcessIsKilled() throws Exception {
    for (int epochs : new int[] {1, 4, 9}) {
      Process process =
          SaveInAnotherJvm.command(folder.resolve("checkpoints"), Integer.MAX_VALUE).start();
      try (BufferedReader said = process.inputReader(UTF_8)) {
        for (int epoch = 1; epoch <= epochs; epoch++) {
          assertThat(said.readLine()).isEqualTo(Integer.toString(epoch));
        }
      } finally {
        process.destroyForcibly().waitFor();
      }

      int epoch = checkpoints().load(Kind.LAST).orElseThrow().state().epoch();
      assertThat(epoch).isGreaterThanOrEqualTo(epochs);
      requireEpoch(Kind.LAST, epoch);
    }
  }

  @Test
  void refusesADamagedOne() throws IOException {
    save(Kind.LAST, 1);
    save(Kind.BEST, 1);
    Path inside = folder.resolve("checkpoints");
    Path tensors = inside.resolve("last-1.safetensors");
    long size = Files.size(tensors);
    String advice = ". Restore its files from a copy, or start a new run in another folder";

    try (RandomAccessFile file = new RandomAccessFile(tensors.toFile(), "rw")) {
      file.seek(size - 1);
      file.write(77);
    }
    assertThatIOException()
        .isThrownBy(() -> checkpoints().load(Kind.LAST))
        .withMessage(
            "the last checkpoint in %s is damaged: the checksum of last-1.safetensors has changed%s, from the best checkpoint",
            inside, advice);

    try (RandomAccessFile file = new RandomAccessFile(tensors.toFile(), "rw")) {
      file.setLength(100);
    }
    assertThatIOException()
        .isThrownBy(() -> checkpoints().load(Kind.LAST))
        .withMessageContaining("is damaged: last-1.safetensors has 100 bytes instead of " + size);

    Files.delete(tensors);
    assertThatIOException()
        .isThrownBy(() -> checkpoints().load(Kind.LAST))
        .withMessageContaining("is damaged: last-1.safetensors is missing");

    Files.writeString(inside.resolve("best.properties"), "epoch=3");
    assertThatIOException()
        .isThrownBy(() -> checkpoints().load(Kind.BEST))
        .withMessage("the best checkpoint in %s is damaged: it has no network%s", inside, advice);
  }

  @Test
  void resumesTheSameRun() throws IOException {
    assertThat(checkpoints().resume(NETWORK, RECIPE)).isEmpty();
    save(Kind.LAST, 4);

    assertThat(checkpoints().resume(Tiny.network(2), RECIPE).orElseThrow().state())
        .isEqualTo(state(4));
  }

  @Test
  void refusesToResumeWithAnotherRecipeAndNamesEveryDifference() throws IOException {
    save(Kind.LAST, 4);

    assertThatIOException()
        .isThrownBy(() -> checkpoints().resume(NETWORK, Map.of("lr", "0.01", "optimizer", "adam")))
        .withMessage(
            "cannot resume from %s: the recipe has changed: loss is not set and was focal; lr is 0.01 and was 0.007; optimizer is adam and was not set. Resume with the recipe of before, or start a new run in another folder",
            folder.resolve("checkpoints"));
  }

  @Test
  void refusesToResumeAnotherNetwork() throws IOException {
    save(Kind.LAST, 4);

    assertThatIOException()
        .isThrownBy(() -> checkpoints().resume(Tiny.network(5), RECIPE))
        .withMessage(
            "cannot resume from %s: its checkpoint is of network tiny, 151,002 parameters with 2 classes, but the run is of network tiny, 154,005 parameters with 5 classes. Choose the network of before, or start a new run in another folder",
            folder.resolve("checkpoints"));
  }
}
