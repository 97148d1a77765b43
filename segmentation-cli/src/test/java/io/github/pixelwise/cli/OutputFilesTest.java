package io.github.pixelwise.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputFilesTest {
  private static final byte[] BYTES = "content".getBytes(UTF_8);

  @TempDir private Path folder;
  private final OutputFiles files = new OutputFiles();

  private long count() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.count();
    }
  }

  @Test
  void createsAFileOnlyWhenItIsComplete() throws IOException {
    Path file = folder.resolve("new/file");

    files.write(
        file,
        out -> {
          out.write(BYTES);
          assertThat(file).doesNotExist();
        });

    assertThat(file).hasBinaryContent(BYTES);
  }

  @Test
  void leavesTheOldFileIfWritingFails() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "old");

    assertThatIOException()
        .isThrownBy(
            () ->
                files.write(
                    file,
                    out -> {
                      out.write(BYTES);
                      throw new IOException("disk full");
                    }))
        .withMessage("disk full");

    assertThat(file).hasContent("old");
    assertThat(count()).isEqualTo(1);
  }

  @Test
  void deletesUnfinishedFilesAndStartsNothingOnceAbandoned() {
    assertThatIOException()
        .isThrownBy(
            () ->
                files.write(
                    folder.resolve("file"),
                    out -> {
                      out.write(new byte[1 << 20]);
                      assertThat(count()).isEqualTo(1);
                      files.abandon();
                      assertThat(count()).isZero();
                    }));
    assertThatIOException()
        .isThrownBy(() -> files.write(folder.resolve("next"), out -> out.write(BYTES)))
        .withMessage("interrupted");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void reportsAFolderInPlaceOfTheFile() throws IOException {
    Path taken = Files.createDirectory(folder.resolve("taken"));

    assertThatIOException()
        .isThrownBy(() -> files.write(taken, out -> out.write(BYTES)))
        .withMessage("it is a folder");
  }
}
