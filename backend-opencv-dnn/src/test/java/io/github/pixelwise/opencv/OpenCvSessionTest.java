package io.github.pixelwise.opencv;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpenCvSessionTest {
  @ParameterizedTest
  @CsvSource({
    "8_000_000, 1, 4",
    "8_000_000, 6, 6",
    "8_000_000, 64, 8",
    "168_000_000, 8, 2",
    "900_000_000, 8, 2"
  })
  void limitsNetworksByCoresAndMemory(String fileSize, int cores, int limit) {
    assertThat(OpenCvSession.limit(Long.parseLong(fileSize.replace("_", "")), cores))
        .isEqualTo(limit);
  }
}
