package io.github.pixelwise.internal.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class SlowStepTest {
  private final CountDownLatch told = new CountDownLatch(1);

  @Test
  void reportsASlowStepWhileItRuns() throws InterruptedException {
    String result =
        SlowStep.watch(
            0,
            told::countDown,
            () -> {
              told.await();
              return "done";
            });

    assertThat(result).isEqualTo("done");
  }

  @Test
  void doesNotReportAStepThatEndsInTime() {
    String result = SlowStep.watch(Integer.MAX_VALUE, told::countDown, () -> "done");

    assertThat(result).isEqualTo("done");
    assertThat(told.getCount()).isEqualTo(1);
  }
}
