package io.github.pixelwise.quantization;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RangeTest {
  private static Range range(float... values) {
    return Range.NONE.with(values, 0, values.length);
  }

  @Test
  void growsWithValues() {
    assertThat(range(1, -2).with(range(0.5f))).isEqualTo(new Range(-2, 1));
  }

  @Test
  void isNotFiniteOnceAValueIsNot() {
    assertThat(range(Float.NaN).with(range(1)).isFinite()).isFalse();
  }

  @Test
  void isNotFiniteWithAnInfiniteValue() {
    assertThat(range(1, Float.POSITIVE_INFINITY).isFinite()).isFalse();
  }

  @Test
  void stepsReachFromTheLeastToTheGreatestValue() {
    assertThat(new Range(-51, 204).steps()).isEqualTo(new Range.Steps(1, 51));
  }

  @Test
  void stepsIncludeZeroBelowPositiveValues() {
    assertThat(new Range(100, 255).steps()).isEqualTo(new Range.Steps(1, 0));
  }

  @Test
  void stepsIncludeZeroAboveNegativeValues() {
    assertThat(new Range(-255, -100).steps()).isEqualTo(new Range.Steps(1, 255));
  }

  @Test
  void aTensorOfZerosHasStepsOfOne() {
    assertThat(new Range(0, 0).steps()).isEqualTo(new Range.Steps(1, 0));
  }

  @Test
  void thePercentileCutsOffTheRarestValues() {
    float[] values = new float[10_000];
    for (int i = 0; i < values.length; i++) {
      values[i] = i / 10_000f;
    }
    values[0] = -100;
    values[1] = 100;
    Range whole = range(values);
    Histogram histogram = new Histogram(whole);
    histogram.add(values);

    Range central = histogram.central(99.9);

    assertThat(central.min()).isBetween(-0.2f, 0f);
    assertThat(central.max()).isBetween(0.9f, 1.1f);
  }

  @Test
  void thePercentileOf100KeepsTheLastBin() {
    Histogram histogram = new Histogram(new Range(-1, 3));
    histogram.add(new float[] {-1, 0, 3});

    Range central = histogram.central(100);

    assertThat(central.min()).isEqualTo(-1);
    assertThat(central.max()).isBetween(2.99f, 3f);
  }
}
