package io.github.pixelwise.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.pixelwise.network.Network;
import io.github.pixelwise.network.NetworkOptions;
import io.github.pixelwise.network.Networks;
import io.github.pixelwise.network.Parameter;
import io.github.pixelwise.spi.BackendProvider;
import java.io.File;
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
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Interrupts the command while it runs. */
@EnabledOnOs(
    value = OS.LINUX,
    disabledReason = "there are no signals on Windows, nor env's option elsewhere")
class InterruptionTest {
  private static final Path CAT = Path.of("../examples/photos/chelsea.png");
  private static final int PHOTOGRAPHS = 200;
  private static final int EXIT_BY_SIGTERM = 128 + 15;

  @TempDir private Path folder;

  @Test
  @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void leavesOnlyCompleteFilesAfterARunEnds() throws IOException, InterruptedException {
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
  void leavesNothingAfterAConversionEnds() throws IOException, InterruptedException {
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

  @Test
  @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void savesATrainingAndSaysHowToGoOn() throws IOException, InterruptedException {
    new ToyDataset(folder).add("a", 32, 32).add("b", 20, 20);
    Files.writeString(
        folder.resolve("toy.dataset.properties"),
        """
        format = folders
        photographs = photos
        masks = truth
        labels = red, green
        """);
    Path steps = folder.resolve("my run/steps.csv");
    Process process =
        start(
            "train",
            "--network",
            "unet-bilinear",
            "--set",
            "network.width=0.25",
            "--data",
            "toy.dataset.properties",
            "-o",
            "my run",
            "--batch",
            "2",
            "--crop",
            "64x48",
            "--epochs",
            "100000");
    while (process.isAlive()
        && (!Files.exists(steps) || Files.readString(steps).lines().count() < 3)) {
      Thread.sleep(50);
    }

    process.destroy();

    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(log()).isEqualTo(EXIT_BY_SIGTERM);
    assertThat(log())
        .containsPattern("segment: stopped after ")
        .endsWith(
            "Continue with: segment train --network unet-bilinear --set network.width=0.25 --data"
                + " toy.dataset.properties -o 'my run' --batch 2 --crop 64x48 --epochs 100000"
                + " --resume"
                + System.lineSeparator());
    assertThat(folder.resolve("my run/checkpoints/last.properties")).exists();
  }

  @ParameterizedTest
  @CsvSource({"opening, TERM, 143", "opening, INT, 130", "running, TERM, 143", "running, HUP, 129"})
  @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void haltsAnEngineThatIsStuck(String model, String signal, int status)
      throws IOException, InterruptedException {
    Process process = startStuck(model);

    send(signal, process);

    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(log()).isEqualTo(status);
    assertThat(folder.resolve("out")).doesNotExist();
  }

  /** If it were not at once, the exit status would be that of the first signal. */
  @ParameterizedTest
  @CsvSource({"TERM, HUP, 129", "HUP, INT, 130", "INT, TERM, 143"})
  @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void haltsAtOnceOnASecondSignal(String first, String second, int status)
      throws IOException, InterruptedException {
    Process process = startStuck("running");

    send(first, process);
    Thread.sleep(500); // so that the signals arrive in this order
    send(second, process);

    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(log()).isEqualTo(status);
  }

  /** Starts a run whose engine gets stuck, and waits until it does. */
  private Process startStuck(String model) throws IOException, InterruptedException {
    Path services = Files.createDirectories(folder.resolve("plug-in/META-INF/services"));
    Files.writeString(
        services.resolve(BackendProvider.class.getName()), StuckBackend.class.getName());
    Files.createFile(folder.resolve("network"));
    Path card =
        Files.writeString(
            folder.resolve("stuck.properties"),
            """
            name = %s
            file.stuck = network
            input.name = x
            input.size = fixed 64 x 48
            output.name = y
            labels = red, green, blue
            """
                .formatted(model));
    Process process =
        start("run", CAT.toAbsolutePath().toString(), "--model", card.toString(), "-o", "out");
    while (process.isAlive() && !Files.exists(folder.resolve("stuck"))) {
      Thread.sleep(5);
    }
    assertThat(process.isAlive()).as(log()).isTrue();
    return process;
  }

  private static void send(String signal, Process process)
      throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
  }

  /** A safetensors checkpoint that takes a while to convert; zeros take no space on the disk. */
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
                "env",
                "--default-signal=HUP,INT", // which are ignored where a build runs in the
                // background
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", // short runs need no more
                "-cp",
                System.getProperty("java.class.path")
                    + File.pathSeparator
                    + folder.resolve("plug-in"),
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
