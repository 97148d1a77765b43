package io.github.pixelwise.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class TimesTest {
  private static final Times TIMES =
      Times.parse("1000000 2000000 3000000 4000000 5000000 0 7000000");

  @Test
  void readsWhatItWrites() {
    assertThat(TIMES).hasToString("1000000 2000000 3000000 4000000 5000000 0 7000000");
    assertThat(TIMES.millis(Stage.DECODE)).isEqualTo(1);
    assertThat(TIMES.millis(Stage.COMPOSITE)).isZero();
    assertThat(TIMES.millis(Stage.ENCODE)).isEqualTo(7);
  }

  @Test
  void addsUp() {
    assertThat(TIMES.whole()).isEqualTo(22);
    assertThat(TIMES.withoutFiles()).isEqualTo(14);
    assertThat(TIMES.aroundInference()).isEqualTo(11);
  }

  @Test
  void measuresElapsedTime() {
    assertThat(Times.between(10, 11, 13, 16, 20, 20, 20, 27)).hasToString("1 2 3 4 0 0 7");
  }

  @Test
  void reportsInvalidTimes() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Times.parse("1 2 3"))
        .withMessage("expected 7 times in nanoseconds, found \"1 2 3\"");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Times.parse("Traceback (most recent call last):"))
        .withMessage(
            "expected 7 times in nanoseconds, found \"Traceback (most recent call last):\"");
  }

  @Test
  void computesMedians() {
    assertThat(Times.median(List.of(9.0, 1.0, 2.0))).isEqualTo(2);
    assertThat(Times.median(List.of(9.0, 1.0, 2.0, 4.0))).isEqualTo(3);
  }
}
