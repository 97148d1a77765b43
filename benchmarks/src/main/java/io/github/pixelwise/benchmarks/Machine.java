package io.github.pixelwise.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The machine that runs the benchmarks. */
final class Machine {
  private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

  private Machine() {}

  /** Which instructions for products of bytes the processor has, as Linux tells it. */
  static String integerInstructions() throws IOException {
    if (!Files.exists(PROCESSORS)) {
      return "instructions for int8 unknown: there is no " + PROCESSORS;
    }
    String text = Files.readString(PROCESSORS);
    List<String> found =
        Stream.of("avx_vnni", "avx512_vnni", "amx_int8", "asimddp", "i8mm")
            .filter(name -> Pattern.compile("\\b" + name + "\\b").matcher(text).find())
            .toList();
    return found.isEmpty()
        ? "no VNNI or other dot products of int8"
        : "instructions for int8: " + String.join(", ", found);
  }

  /** Processor, cores, load, system, and Java, in one line. */
  static String description() throws IOException {
    String processor = System.getProperty("os.arch");
    if (Files.exists(PROCESSORS)) {
      processor =
          Files.readAllLines(PROCESSORS).stream()
              .filter(line -> line.startsWith("model name"))
              .map(line -> line.substring(line.indexOf(':') + 1).strip())
              .findFirst()
              .orElse(processor);
    }
    return "%s, %d cores, load %.1f, %s, Java %s"
        .formatted(
            processor,
            Runtime.getRuntime().availableProcessors(),
            ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
            System.getProperty("os.name"),
            Runtime.version());
  }
}
