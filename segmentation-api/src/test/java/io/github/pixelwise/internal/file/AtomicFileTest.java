package io.github.pixelwise.internal.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
  @TempDir private Path folder;

  @Test
  void keepsTheOldFileUntilAllIsWritten() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "old");

    AtomicFile.write(
        file,
        out -> {
          out.write("new".getBytes(StandardCharsets.UTF_8));
          out.flush();
          assertThat(file).content().isEqualTo("old");
        });

    assertThat(file).content().isEqualTo("new");
    assertThat(folder).isDirectoryNotContaining("glob:**.part");
  }

  @Test
  void aFailureLeavesEverythingAsItWas() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "old");

    assertThatThrownBy(
            () ->
                AtomicFile.write(
                    file,
                    out -> {
                      out.write(1);
                      throw new IOException("the disk is full");
                    }))
        .isInstanceOf(IOException.class)
        .hasMessage("the disk is full");

    assertThat(file).content().isEqualTo("old");
    assertThat(folder.toFile().list()).containsExactly("file");
  }

  @Test
  void manyMayWriteOneFile() throws IOException {
    Path file = folder.resolve("file");
    byte[] content = new byte[100_000];

    IntStream.range(0, 64)
        .parallel()
        .forEach(
            i -> {
              try {
                AtomicFile.write(file, out -> out.write(content));
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            });

    assertThat(file).hasBinaryContent(content);
    assertThat(folder.toFile().list()).containsExactly("file");
  }

  @Test
  void aTargetThatCannotBeWrittenIsNamed() {
    Path nowhere = folder.resolve("no/file");

    assertThatThrownBy(() -> AtomicFile.write(nowhere, out -> out.write(1)))
        .isInstanceOf(IOException.class)
        .hasMessage("cannot write %s: there is no folder %s", nowhere, nowhere.getParent());
    assertThatThrownBy(() -> AtomicFile.write(folder, out -> out.write(1)))
        .isInstanceOf(IOException.class)
        .hasMessage("cannot write %s: it is a folder", folder);
  }
}
