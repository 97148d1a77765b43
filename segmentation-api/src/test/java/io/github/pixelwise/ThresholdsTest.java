package io.github.pixelwise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ThresholdsTest {
  @Test
  void classesAreAddedOneByOne() {
    Thresholds thresholds = Thresholds.ofAll(0.25).and("cat", 0.5).and("dog", 1).otherwise("rest");

    assertThat(thresholds.general()).isEqualTo(0.25);
    assertThat(thresholds.byClass()).isEqualTo(Map.of("cat", 0.5, "dog", 1.0));
    assertThat(thresholds.undecided()).isEqualTo(Optional.of("rest"));
    assertThat(Thresholds.of("cat", 0).byClass()).isEqualTo(Map.of("cat", 0.0));
  }

  @ParameterizedTest
  @ValueSource(doubles = {1.0001, -0.1, 50, Double.NaN, Double.POSITIVE_INFINITY})
  void aThresholdIsAProbability(double wrong) {
    assertThatThrownBy(() -> Thresholds.of("cat", wrong))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the threshold of class \"cat\" must lie in 0..1, found " + wrong);
    assertThatThrownBy(() -> Thresholds.ofAll(wrong))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the threshold of all classes must lie in 0..1, found " + wrong);
  }

  @ParameterizedTest
  @ValueSource(strings = {"cat", "CAT"})
  void aClassHasOneThreshold(String again) {
    assertThatThrownBy(() -> Thresholds.of("cat", 0.5).and(again, 0.5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("class \"" + again + "\" already has a threshold: 0.5");
  }

  @Test
  void aClassInTwoSpellingsIsAnErrorToo() {
    assertThatThrownBy(() -> new Thresholds(0, Map.of("cat", 0.5, "Cat", 0.5), Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching("class \"[Cc]at\" already has a threshold: 0.5");
  }
}
