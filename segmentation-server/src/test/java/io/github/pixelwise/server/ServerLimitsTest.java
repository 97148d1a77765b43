package io.github.pixelwise.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Limits that make no sense are refused. */
class ServerLimitsTest {
  private static final ServerLimits LIMITS = ServerLimits.DEFAULT;

  @Test
  void keepsWhatItIsGiven() {
    ServerLimits limits =
        LIMITS
            .withBytes(1)
            .withPixels(2)
            .withQueue(3)
            .withWorkers(4)
            .withTime(Duration.ofSeconds(5))
            .withTransfer(Duration.ofSeconds(6))
            .withGrace(Duration.ofSeconds(7));

    assertThat(limits.bytes()).isEqualTo(1);
    assertThat(limits.pixels()).isEqualTo(2);
    assertThat(limits.queue()).isEqualTo(3);
    assertThat(limits.workers()).isEqualTo(4);
    assertThat(limits.time()).hasSeconds(5);
    assertThat(limits.transfer()).hasSeconds(6);
    assertThat(limits.grace()).hasSeconds(7);
  }

  private static void requireRefused(Runnable setting, String message) {
    assertThatIllegalArgumentException().isThrownBy(setting::run).withMessage(message);
  }

  @Test
  void refusesWhatMakesNoSense() {
    requireRefused(
        () -> LIMITS.withBytes(0), "the most bytes of a request must be at least 1, found 0");
    requireRefused(
        () -> LIMITS.withPixels(200_000_001),
        "the most pixels of a photo must be 1 to 200000000, found 200000001");
    requireRefused(
        () -> LIMITS.withQueue(0), "the queue must have room for at least 1 request, found 0");
    requireRefused(() -> LIMITS.withWorkers(0), "there must be 1 to 1024 workers, found 0");
    requireRefused(
        () -> LIMITS.withTime(Duration.ZERO),
        "the time of a request must be at least 1 ms, found PT0S");
    requireRefused(
        () -> LIMITS.withTransfer(Duration.ofMillis(-1)),
        "the time to transfer must be at least 1 ms, found PT-0.001S");
    requireRefused(
        () -> LIMITS.withGrace(Duration.ZERO),
        "the time to close must be at least 1 ms, found PT0S");
  }
}
