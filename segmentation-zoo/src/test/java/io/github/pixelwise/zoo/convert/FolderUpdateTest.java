package io.github.pixelwise.zoo.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderUpdateTest {
  @TempDir private Path folder;

  @Test
  void replacesFilesAndLeavesOthers() throws IOException {
    Files.writeString(folder.resolve("card"), "old");
    Files.writeString(folder.resolve("other"), "other");

    try (FolderUpdate update = FolderUpdate.of(folder)) {
      Files.writeString(update.add("model"), "new");
      Files.writeString(update.add("card"), "new");
      assertThat(folder.resolve("card")).hasContent("old");
      update.finish();
    }

    assertThat(folder.resolve("model")).hasContent("new");
    assertThat(folder.resolve("card")).hasContent("new");
    assertThat(folder.resolve("other")).hasContent("other");
    assertThat(folder).isDirectoryNotContaining("glob:**.part");
  }

  @Test
  void putsEverythingBackWhenAFileCannotTakeItsPlace() throws IOException {
    Files.writeString(folder.resolve("model"), "old");
    Files.writeString(folder.resolve("card"), "old");

    try (FolderUpdate update = FolderUpdate.of(folder)) {
      Files.writeString(update.add("model"), "new");
      Files.writeString(update.add("more"), "new");
      update.add("card");
      assertThatIOException()
          .isThrownBy(update::finish)
          .isInstanceOf(NoSuchFileException.class)
          .withMessageContaining("card");
    }

    assertThat(folder.resolve("model")).hasContent("old");
    assertThat(folder.resolve("card")).hasContent("old");
    assertThat(folder.toFile().list()).containsExactlyInAnyOrder("model", "card");
  }

  @Test
  void putsEverythingBackWhenAFolderIsInAFilesPlace() throws IOException {
    Path inTheWay = Files.createDirectories(folder.resolve("model"));
    Files.writeString(inTheWay.resolve("precious"), "old");
    Files.writeString(folder.resolve("card"), "old");

    try (FolderUpdate update = FolderUpdate.of(folder)) {
      Files.writeString(update.add("model"), "new");
      Files.writeString(update.add("card"), "new");
      assertThatIOException()
          .isThrownBy(update::finish)
          .withMessage("cannot write " + inTheWay + ": it is a folder");
    }

    assertThat(inTheWay.resolve("precious")).hasContent("old");
    assertThat(folder.resolve("card")).hasContent("old");
    assertThat(folder.toFile().list()).containsExactlyInAnyOrder("model", "card");
  }
}
