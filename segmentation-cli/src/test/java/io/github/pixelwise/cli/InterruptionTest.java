package io.github.pixelwise.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.pixelwise.zoo.network.Network;
import io.github.pixelwise.zoo.network.NetworkOptions;
import io.github.pixelwise.zoo.network.Networks;
import io.github.pixelwise.zoo.network.Parameter;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
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
    Process process = start("run", photos.toString(), "-o", out.toString());
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

  @Test
  @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void anEndedConversionLeavesNothing() throws IOException, InterruptedException {
    Path checkpoint = zeros(Networks.of("unet", NetworkOptions.ofClasses(2)));
    Path out = folder.resolve("out");
    Process process =
        start(
            "models",
            "convert",
            checkpoint.toString(),
            "--network",
            "unet",
            "--classes",
            "2",
            "-o",
            out.toString());
    while (process.isAlive() && count(out) == 0) {
      Thread.sleep(5);
    }

    process.destroy();

    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(log()).isEqualTo(EXIT_BY_SIGTERM);
    assertThat(log()).isEqualTo("segment: the conversion was interrupted" + System.lineSeparator());
    assertThat(list(out)).isEmpty();
  }

  /** A checkpoint that takes a while to convert, as safetensors; zeros take no room on the disk. */
  private Path zeros(Network network) throws IOException {
    StringJoiner header = new StringJoiner(",", "{", "}");
    long end = 0;
    for (Parameter parameter : network.parameters()) {
      long start = end;
      end += Float.BYTES * parameter.size();
      header.add(
          "\"%s\":{\"dtype\":\"F32\",\"shape\":%s,\"data_offsets\":[%s,%s]}"
              .formatted(parameter.name(), parameter.shape(), start, end));
    }
    byte[] json = header.toString().getBytes(UTF_8);
    Path file = folder.resolve("zeros.safetensors");
    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
      out.writeLong(Long.reverseBytes(json.length));
      out.write(json);
      out.setLength(Long.BYTES + json.length + end);
    }
    return file;
  }

  private Process start(String... args) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "-Dpixelwise.cache=" + System.getProperty("pixelwise.cache"),
                Main.class.getName()));
    command.addAll(List.of(args));
    return new ProcessBuilder(command)
        .directory(folder.toFile())
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("log").toFile())
        .start();
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
