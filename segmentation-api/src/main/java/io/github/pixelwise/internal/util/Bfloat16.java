package io.github.pixelwise.internal.util;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/** Whether this machine's processor has instructions for bfloat16. */
public final class Bfloat16 {
  /** Where Linux lists the processor's instructions; tests set another file. */
  private static final String CPU_INFO = "pixelwise.cpuinfo";

  /** On x86-64, and {@code bf16} on ARM. */
  private static final Set<String> INSTRUCTIONS = Set.of("avx512_bf16", "amx_bf16", "bf16");

  private Bfloat16() {}

  /**
   * Whether networks in bfloat16 run many times slower here than in float32, because the processor
   * lacks the instructions. False if unknown, as on systems other than Linux.
   */
  public static boolean isSlow() {
    try {
      return isSlow(Files.readString(Path.of(System.getProperty(CPU_INFO, "/proc/cpuinfo"))));
    } catch (IOException e) {
      return false; // no Linux
    }
  }

  static boolean isSlow(String cpuInfo) {
    Set<String> words = new HashSet<>(Arrays.asList(cpuInfo.split("\\s+")));
    boolean listed = words.contains("flags") || words.contains("Features");
    return listed && INSTRUCTIONS.stream().noneMatch(words::contains);
  }
}
