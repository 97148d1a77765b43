package io.github.pixelwise.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class EarlyStoppingTest {
  @Test
  void stopsWhenMeanIouHasNotRisenForTheLastEpochs() {
    EarlyStopping stopping = EarlyStopping.of(Metric.MEAN_IOU, 2);

    assertThat(stopping.stopsAfter(List.of())).isFalse();
    assertThat(stopping.stopsAfter(List.of(0.5, 0.4))).isFalse();
    assertThat(stopping.stopsAfter(List.of(0.5, 0.4, 0.5))).isTrue();
    assertThat(stopping.stopsAfter(List.of(0.5, 0.4, 0.6))).isFalse();
  }

  @Test
  void stopsWhenTheLossHasNotFallenForTheLastEpochs() {
    EarlyStopping stopping = EarlyStopping.of(Metric.LOSS, 1);

    assertThat(stopping.stopsAfter(List.of(0.5, 0.4))).isFalse();
    assertThat(stopping.stopsAfter(List.of(0.5, 0.4, 0.4))).isTrue();
  }

  @Test
  void smallImprovementsDoNotCount() {
    EarlyStopping stopping = EarlyStopping.of(Metric.MEAN_IOU, 2).withMinimumImprovement(0.125);

    assertThat(stopping.stopsAfter(List.of(0.5, 0.5625, 0.625))).isTrue();
    assertThat(stopping.stopsAfter(List.of(0.5, 0.5625, 0.6875))).isFalse();
  }

  @Test
  void notANumberIsNoImprovement() {
    EarlyStopping stopping = EarlyStopping.of(Metric.LOSS, 2);

    assertThat(stopping.stopsAfter(List.of(Double.NaN, Double.NaN))).isTrue();
    assertThat(stopping.stopsAfter(List.of(Double.NaN, 1.0))).isFalse();
  }

  @Test
  void settingsMustBeInTheirRanges() {
    EarlyStopping stopping = EarlyStopping.of(Metric.LOSS, 1);

    assertThatThrownBy(() -> EarlyStopping.of(Metric.LOSS, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the patience of early stopping is 0; it must be 1 or more");
    assertThatThrownBy(() -> stopping.withMinimumImprovement(-0.1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the minimum improvement of early stopping is -0.1; it must be 0 or more");
  }

  @Test
  void theTextHasAllSettings() {
    EarlyStopping stopping = EarlyStopping.of(Metric.MEAN_IOU, 10).withMinimumImprovement(0.001);

    assertThat(stopping)
        .hasToString("mean IoU(patience 10, minimum improvement 0.001)")
        .isEqualTo(EarlyStopping.of(Metric.MEAN_IOU, 10).withMinimumImprovement(0.001))
        .isNotEqualTo(EarlyStopping.of(Metric.LOSS, 10).withMinimumImprovement(0.001));
    assertThat(stopping.metric()).isEqualTo(Metric.MEAN_IOU);
  }
}
