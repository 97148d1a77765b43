package io.github.pixelwise.training.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pixelwise.evaluation.internal.html.Numbers;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgressLineTest {
  @Test
  void saysHowFarTheRunIs() {
    assertThat(ProgressLine.of(3, 30, 120, 480, 0.43118, 0.006543, 12.34, 250))
        .isEqualTo(
            "epoch 3/30, step 120/480, loss 0.4312, rate 0.00654, 12.3 photos/s, 4 min 10 s left");
  }

  @Test
  void leavesOutWhatIsNotKnownYet() {
    assertThat(ProgressLine.of(1, 1, 1, 12_000, 2, 1e-5, Double.NaN, Double.POSITIVE_INFINITY))
        .isEqualTo("epoch 1/1, step 1/12,000, loss 2.0000, rate 1.00e-05");
  }

  @Test
  void isTheSameInEveryLocale() {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
    try {
      assertThat(ProgressLine.of(3, 30, 1, 4800, 0.5, 0.01, 1, 4000))
          .isEqualTo(
              "epoch 3/30, step 1/4,800, loss 0.5000, rate 0.0100, 1.0 photos/s, 1 h 7 min left");
    } finally {
      Locale.setDefault(before);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0 s",
    "59.4, 59 s",
    "59.6, 1 min 0 s",
    "250, 4 min 10 s",
    "3599.6, 1 h 0 min",
    "7199, 2 h 0 min",
    "86369, 23 h 59 min",
    "86399, 1 d 0 h",
    "270000, 3 d 3 h"
  })
  void writesTwoUnitsOfTime(double seconds, String text) {
    assertThat(Numbers.duration(seconds)).isEqualTo(text);
  }
}
