package io.github.pixelwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is printed if the best backend cannot be used. */
class PassedOverTest {
  @TempDir private Path folder;

  @Test
  void printsOneLineWithTheBackendThatWasPassedOverAndWhy() throws Exception {
    Path gone = folder.resolve("gone");
    Path err = folder.resolve("err");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", // short runs need no more
                "-Djava.awt.headless=true",
                "-Djava.io.tmpdir=" + gone,
                "-Dpixelwise.cache=" + System.getProperty("pixelwise.cache"),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "run",
                "../examples/photos/chelsea.png",
                "--write=mask",
                "--output=" + folder)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(err.toFile())
            .start();

    assertThat(process.waitFor()).as(Files.readString(err)).isZero();
    List<String> lines = Files.readAllLines(err, StandardCharsets.UTF_8);
    assertThat(lines)
        .filteredOn(line -> line.contains("onnx") || line.contains("WARNING"))
        .containsExactly(
            "segment: backend onnx was passed over for djl: ONNX Runtime does not start: %s does not"
                    .formatted(gone)
                + " exist. Set -Djava.io.tmpdir to a writable folder");
  }
}
