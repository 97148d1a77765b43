package io.github.pixelwise.network.convert;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Conversions by another process that come to a bad end: the model of before stays. */
class ConversionProcessTest {
  @TempDir private Path folder;
  private Map<String, String> before = Map.of();

  @BeforeEach
  void convert() throws IOException {
    Conversion.of(ConvertInAnotherJvm.NETWORK, Numbers.weights(ConvertInAnotherJvm.NETWORK))
        .write(folder);
    before = ConversionTest.contents(folder);
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aDiskThatTakesNoMoreLeavesTheFolderAsItWas() throws IOException {
    ProcessBuilder command = ConvertInAnotherJvm.command(folder, "number");
    // A shell that lets no file grow beyond 200 blocks, of 512 or 1024 bytes.
    command.command().addAll(0, List.of("sh", "-c", "ulimit -f 200; exec \"$@\"", "sh"));

    Process process = command.start();
    try (BufferedReader said = process.inputReader(UTF_8)) {
      assertThat(said.lines())
          .containsExactly("cannot write " + folder.resolve("tiny.onnx") + ": File too large");
    } finally {
      process.destroyForcibly();
    }
    assertThat(ConversionTest.contents(folder)).isEqualTo(before);
  }

  @Test
  void aKilledProcessLeavesAHiddenFolderAlone() throws Exception {
    Process process = ConvertInAnotherJvm.command(folder, "never").start();
    try (BufferedReader said = process.inputReader(UTF_8)) {
      assertThat(said.readLine()).isEqualTo("waiting");
    } finally {
      process.destroyForcibly().waitFor();
    }

    Map<String, String> after = ConversionTest.contents(folder);
    assertThat(after).hasSize(4).containsAllEntriesOf(before);
    assertThat(after.keySet()).anyMatch(name -> name.matches("\\.[0-9a-f-]{36}\\.part"));
  }
}
