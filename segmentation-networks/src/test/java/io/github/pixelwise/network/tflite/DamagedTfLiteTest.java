package io.github.pixelwise.network.tflite;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Truncated and changed files are refused with an IOException, in little memory and time. */
class DamagedTfLiteTest {
  @TempDir private Path folder;

  /** Reads damaged copies in another JVM with a heap of 64 MB. */
  private void require(int copies, List<Path> files) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", // short runs need no more
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                Damage.class.getName(),
                folder.toString(),
                Integer.toString(copies),
                "17"));
    files.forEach(file -> command.add(file.toString()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (BufferedReader said = process.inputReader(UTF_8)) {
      String lines = said.lines().collect(Collectors.joining("\n"));
      assertThat(process.waitFor()).as(lines).isZero();
      assertThat(lines.lines())
          .hasSameSizeAs(files)
          .allMatch(line -> line.contains("of " + copies + " changed ones"));
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void damagedCopiesAreRefused() throws Exception {
    require(100, TfLiteSamples.NAMES.stream().map(TfLiteSamples::path).toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"selfie_segmentation", "deeplabv3_mnv2_dm05_pascal_quant"})
  void damagedCopiesOfPublishedFilesAreRefused(String name) throws Exception {
    require(100, List.of(TfLiteSamples.published(name)));
  }

  @Tag("soak")
  @Test
  void tenThousandDamagedCopiesOfEachKindAreRefused() throws Exception {
    require(10_000, TfLiteSamples.NAMES.stream().map(TfLiteSamples::path).toList());
  }

  @Tag("soak")
  @ParameterizedTest
  @ValueSource(strings = {"selfie_segmentation", "deeplabv3_mnv2_dm05_pascal_quant"})
  void tenThousandDamagedCopiesOfPublishedFilesAreRefused(String name) throws Exception {
    require(10_000, List.of(TfLiteSamples.published(name)));
  }
}
