package io.github.pixelwise.internal.util;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Bfloat16Test {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "flags : fpu sse2 avx2 avx512f               | true",
        "flags : fpu sse2 avx2 avx512f avx512_bf16   | false",
        "flags : fpu sse2 avx2 amx_bf16 amx_tile     | false",
        "Features : fp asimd asimdhp                 | true",
        "Features : fp asimd asimdhp bf16 i8mm       | false",
        // Neither list: nothing is known.
        "processor : 0                               | false"
      })
  void isSlowWhereTheProcessorListsNoInstructionsForIt(String cpuInfo, boolean slow) {
    assertThat(Bfloat16.isSlow(cpuInfo)).isEqualTo(slow);
  }
}
