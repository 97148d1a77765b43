package io.github.pixelwise.internal.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pixelwise.internal.file.CacheFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeFoldersTest {
  private static final String MOUNTS =
      """
      /dev/vda / ext4 rw,relatime 0 0
      tmpfs /tmp tmpfs rw,nosuid,nodev,noexec 0 0
      /dev/vdb /tmp/runs ext4 rw,relatime 0 0
      /dev/vdc /with\\040space ext4 rw,noexec 0 0
      tmpfs /twice tmpfs rw,noexec 0 0
      tmpfs /twice tmpfs rw 0 0
      """;

  @TempDir private Path folder;

  private static String noexec(String path) {
    return NativeFolders.noexec(Path.of(path), MOUNTS).map(Path::toString).orElse("");
  }

  @Test
  void theFileSystemThatAPathIsOnTellsWhetherProgramsMayRun() {
    assertThat(noexec("/tmp/pixelwise-me")).isEqualTo("/tmp");
    assertThat(noexec("/tmp/runs/pixelwise-me")).isEmpty();
    assertThat(noexec("/tmpfs")).isEmpty();
    assertThat(noexec("/with space/x")).isEqualTo("/with space");
    assertThat(noexec("/twice/x")).isEmpty();
  }

  @Test
  void theFirstFolderThatTakesTheLibrariesIsUsed() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    Path full = folder.resolve("full");
    Path good = folder.resolve("good");
    CacheFolders cache = new CacheFolders(List.of(file, full, good));

    assertThat(
            NativeFolders.unpack(
                cache,
                "natives",
                there -> {
                  if (there.startsWith(full)) {
                    throw new IOException("No space left on device");
                  }
                  Files.createFile(there.resolve("library"));
                }))
        .isEqualTo(good.resolve("natives"));
    assertThat(good.resolve("natives/library")).exists();
  }

  @Test
  void saysWhyNoFolderIsUsable() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    Path full = folder.resolve("full");
    CacheFolders cache = new CacheFolders(List.of(file, full));

    assertThatThrownBy(
            () ->
                NativeFolders.unpack(
                    cache,
                    "natives",
                    there -> {
                      throw new IOException("No space left on device");
                    }))
        .hasMessage(
            "%s/natives: Not a directory; no space left on %s. Set -Dpixelwise.cache or"
                    .formatted(file, full)
                + " PIXELWISE_CACHE to a writable folder of your own that allows execution");
  }
}
