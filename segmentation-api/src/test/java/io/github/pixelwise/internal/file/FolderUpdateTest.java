package io.github.pixelwise.internal.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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

  @Test
  void updatesByThreadsWaitForEachOther() throws Exception {
    List<String> names = List.of("a", "b", "c", "d", "card");
    int updates = 4;
    ExecutorService threads = Executors.newFixedThreadPool(updates);
    CyclicBarrier together = new CyclicBarrier(updates);
    try {
      for (int round = 0; round < 100; round++) {
        List<Callable<Void>> tasks = new ArrayList<>();
        for (int i = 0; i < updates; i++) {
          String content = "update " + i;
          tasks.add(
              () -> {
                try (FolderUpdate update = FolderUpdate.of(folder)) {
                  for (String name : names) {
                    Files.writeString(update.add(name), content);
                  }
                  together.await();
                  update.finish();
                  return null;
                }
              });
        }
        for (Future<Void> task : threads.invokeAll(tasks)) {
          task.get();
        }
        String card = Files.readString(folder.resolve("card"));
        for (String name : names) {
          assertThat(folder.resolve(name)).hasContent(card);
        }
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
