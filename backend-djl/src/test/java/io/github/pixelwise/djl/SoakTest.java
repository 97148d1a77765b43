package io.github.pixelwise.djl;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Native memory over many runs, openings and closings; runs with {@code -Psoak}. */
@Tag("soak")
@EnabledOnOs(value = OS.LINUX, disabledReason = "memory is read from /proc")
class SoakTest {
  @Test
  void keepsNativeMemoryFlat() throws Exception {
    // The whole heap is allocated at the start, so that only native memory can grow.
    List<String> printed =
        OtherJvm.run(
            SoakProbe.class,
            OtherJvm.classPath(jar -> true),
            "-Dpixelwise.cache=" + System.getProperty("pixelwise.cache"),
            "-Xms128m",
            "-Xmx128m",
            "-XX:+AlwaysPreTouch");

    printed.forEach(System.out::println);
    // A run has 80 kB of tensors and handles, so 10,000 leaks would be 800 MB. What remains is
    // mostly
    // PyTorch's kernels for the sizes, of which it keeps a limited number.
    assertFlat(printed, "runs", 32_000);
    // A module that stays open keeps about 15 kB; a thousand keep 15 MB.
    assertFlat(printed, "openings", 4_000);
  }

  private static void assertFlat(List<String> printed, String what, long growth) {
    List<Long> resident =
        printed.stream()
            .filter(line -> line.startsWith(what + " "))
            .map(line -> Long.valueOf(line.substring(line.lastIndexOf(' ') + 1)))
            .toList();
    assertThat(resident).hasSize(11);
    assertThat(resident.get(10) - resident.get(0))
        .as("growth in kB over %s: %s", what, resident)
        .isLessThan(growth);
  }
}
