package io.github.pixelwise.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunFolderTest {
  @TempDir private Path temp;

  private Path folder() {
    return temp.resolve("runs/first");
  }

  @Test
  void isMadeForANewRun() throws IOException {
    try (RunFolder run = RunFolder.open(folder(), false)) {
      assertThat(run.path()).isEqualTo(folder()).isDirectory();
      assertThat(run.checkpoints().has(CheckpointFolder.Kind.LAST)).isFalse();
    }
  }

  @Test
  void mayBeUsedAgainIfARunFailedBeforeItBegan() throws IOException {
    RunFolder.open(folder(), false).close();
    RunFolder.open(folder(), false).close();

    assertThat(folder()).isDirectory();
  }

  @Test
  void mayBeResumedAsSoonAsARunHasBegun() throws IOException {
    RunFolder.open(folder(), false).close();

    RunFolder.open(folder(), true).close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"checkpoints/last.properties", "weights.pth"})
  void isRefusedIfItHasARunThatIsNotToBeResumed(String file) throws IOException {
    Path written = folder().resolve(file);
    Files.createDirectories(written.resolveSibling(""));
    Files.writeString(written, "");

    assertThatIOException()
        .isThrownBy(() -> RunFolder.open(folder(), false))
        .withMessage(
            "there is already a run in %s; continue it with --resume, or choose another folder",
            folder());
    RunFolder.open(folder(), true).close();
  }

  @Test
  void isRefusedIfThereIsNothingToResume() {
    assertThatIOException()
        .isThrownBy(() -> RunFolder.open(folder(), true))
        .withMessage(
            "there is no run in %s to resume; check the folder, or leave out --resume", folder());
    assertThat(folder()).doesNotExist();
  }

  @Test
  void belongsToOneRunAtATime() throws IOException {
    RunFolder first = RunFolder.open(folder(), false);
    for (boolean resumes : new boolean[] {false, true}) {
      assertThatIOException()
          .isThrownBy(() -> RunFolder.open(folder(), resumes))
          .withMessage(
              "another run is writing to %s; wait until it ends, or choose another folder",
              folder());
    }
    first.close();
    RunFolder.open(folder(), true).close();
  }

  @Test
  void isRefusedBehindAFile() throws IOException {
    Path file = Files.writeString(temp.resolve("runs"), "");

    assertThatIOException()
        .isThrownBy(() -> RunFolder.open(folder(), false))
        .withMessage(
            "cannot write to the folder %s: %s is a file; choose another folder", folder(), file);
  }

  @Test
  void isRefusedIfItCannotBeWritten() throws IOException {
    Files.createDirectories(folder().resolve(".lock"));

    assertThatIOException()
        .isThrownBy(() -> RunFolder.open(folder(), false))
        .withMessageStartingWith("cannot write to the folder " + folder() + ": ")
        .withMessageEndingWith("; choose another one");
  }
}
