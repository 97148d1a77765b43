package io.github.pixelwise.internal.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MemoryShortageTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Error code - ORT_FAIL - message: Failed to allocate memory for requested buffer of size 1",
        "[enforce fail at alloc_cpu.cpp:127] err == 0. DefaultCPUAllocator: can't allocate memory: you"
            + " tried to allocate 4 bytes. Error code 12 (Cannot allocate memory)",
        "CUDA out of memory. Tried to allocate 2.00 GiB",
        "OpenCV(4.13.0) alloc.cpp:73: error: (-4:Insufficient memory) Failed to allocate 3 bytes in"
            + " function 'OutOfMemoryError'",
        "std::bad_alloc"
      })
  void recognizesEnginesMessages(String message) {
    assertThat(MemoryShortage.isIn(new IllegalStateException(message))).isTrue();
    assertThat(MemoryShortage.isIn(new IllegalStateException(new RuntimeException(message))))
        .isTrue();
  }

  @Test
  void recognizesJavasOwnError() {
    assertThat(MemoryShortage.isIn(new RuntimeException(new OutOfMemoryError("heap")))).isTrue();
  }

  @Test
  void ignoresOtherFailures() {
    assertThat(MemoryShortage.isIn(new RuntimeException("found 3 channels"))).isFalse();
  }
}
