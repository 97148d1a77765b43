package io.github.pixelwise.opencv;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pixelwise.spi.InferenceSession;
import io.github.pixelwise.testkit.MicroModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Native memory stays flat. Run by {@code mvn verify -Psoak}. */
@Tag("soak")
@EnabledOnOs(value = OS.LINUX, disabledReason = "resident memory is read from /proc")
class SoakTest {
  private static final Path NETWORK =
      Path.of("src/test/resources/io/github/pixelwise/opencv/dynamic.onnx");

  /** How much the JVM and the allocator may add after the warm-up, in MB. */
  private static final long BOUND = 16;

  /** One numbered action of the soak test. */
  private interface Action {
    void run(int number) throws IOException;
  }

  private static InferenceSession open() {
    return Networks.open(Networks.context(NETWORK, "image", "out"));
  }

  @Test
  void runsTenThousandTimesAtManySizes() throws IOException {
    try (InferenceSession session = open()) {
      // More sizes than a session keeps networks for, so that networks are dropped all the time.
      soak("runs", 10_000, i -> session.run(MicroModel.AFFINE.input(i, 1, 32 + i % 11 * 16, 48)));
    }
  }

  @Test
  void opensAThousandSessions() throws IOException {
    soak(
        "sessions",
        1_000,
        i -> {
          try (InferenceSession session = open()) {
            session.run(MicroModel.AFFINE.input(i, 1, 64, 48));
          }
        });
  }

  private static void soak(String what, int times, Action action) throws IOException {
    int warmUp = times / 5;
    long before = 0;
    for (int i = 0; i < times; i++) {
      action.run(i);
      if (i == warmUp) {
        before = residentMegabytes();
      }
      if (i % warmUp == 0) {
        System.out.printf("%s: %d, resident %d MB%n", what, i, residentMegabytes());
      }
    }
    long after = residentMegabytes();
    System.out.printf("%s: %d, resident %d MB%n", what, times, after);
    assertThat(after - before).as("growth in megabytes").isLessThan(BOUND);
  }

  private static long residentMegabytes() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
        .findFirst()
        .orElseThrow();
  }
}
