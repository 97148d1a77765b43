package io.github.pixelwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ends runs in their midst. By SIGTERM, which takes the same way through the JVM as Ctrl-C but,
 * unlike that, is not ignored where a build runs in the background.
 */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "there is no signal to send on Windows")
class InterruptionTest {
  private static final Path CAT = Path.of("../examples/photos/chelsea.png");
  private static final int PHOTOGRAPHS = 200;
  private static final int EXIT_BY_SIGTERM = 128 + 15;

  @TempDir private Path folder;

  @Test
  @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void anEndedRunLeavesWholeFilesAndNoOthers() throws IOException, InterruptedException {
    Path photos = Files.createDirectory(folder.resolve("photos"));
    Path out = folder.resolve("out");
    for (int i = 0; i < PHOTOGRAPHS; i++) {
      Files.copy(CAT, photos.resolve(i + ".png"));
    }
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "-Dpixelwise.cache=" + System.getProperty("pixelwise.cache"),
                Main.class.getName(),
                "run",
                photos.toString(),
                "-o",
                out.toString())
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    while (process.isAlive() && count(out) < 12) {
      Thread.sleep(5);
    }

    process.destroy();

    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(log()).isEqualTo(EXIT_BY_SIGTERM);
    assertThat(count(out)).isBetween(12L, PHOTOGRAPHS * 5L - 1);
    for (Path file : list(out)) {
      assertThat(file.toString()).matches(".*\\.(mask|color|overlay|cutout)\\.png|.*\\.json");
      if (file.toString().endsWith(".png")) {
        assertThat(ImageIO.read(file.toFile())).as("%s", file).isNotNull();
      } else {
        assertThat(file).content().endsWith("}");
      }
    }
    assertThat(list(folder)).noneMatch(file -> file.toString().contains("hs_err"));
  }

  private String log() throws IOException {
    return Files.readString(folder.resolve("log"));
  }

  private static long count(Path folder) throws IOException {
    return Files.exists(folder) ? list(folder).size() : 0;
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }
}
