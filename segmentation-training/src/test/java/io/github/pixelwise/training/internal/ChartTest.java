package io.github.pixelwise.training.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pixelwise.evaluation.internal.html.Markup;
import io.github.pixelwise.training.internal.Chart.Time;
import io.github.pixelwise.training.internal.Curve.Point;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChartTest {
  private static final Curve NONE = new Curve(List.of());
  private static final double NAN = Double.NaN;

  private static Curve curve(double... values) {
    return new Curve(
        IntStream.range(0, values.length).mapToObj(i -> new Point(i + 1, values[i])).toList());
  }

  private static String path(Curve curve) {
    return curve.path(x -> x, y -> y);
  }

  @Test
  void leavesGapsWhereThereIsNoNumber() {
    assertThat(path(curve(1, 2, NAN, 4, 5))).isEqualTo("M1.0 1.0L2.0 2.0M4.0 4.0L5.0 5.0");
    assertThat(path(curve(NAN, 2, Double.POSITIVE_INFINITY, NAN))).isEqualTo("M2.0 2.0h0");
    assertThat(path(curve(NAN))).isEmpty();
  }

  @Test
  void drawsAPointAloneAsADot() {
    assertThat(path(curve(3))).isEqualTo("M1.0 3.0h0");
    assertThat(path(curve(1, NAN, 3))).isEqualTo("M1.0 1.0h0M3.0 3.0h0");
  }

  @Test
  void thinningKeepsPeaksAndGaps() {
    double[] values = IntStream.range(0, 100_000).mapToDouble(i -> 1 + i % 2).toArray();
    values[33_333] = 9;
    values[44_444] = -9;
    Arrays.fill(values, 60_000, 61_000, NAN);

    Curve thinned = curve(values).thinned(500);

    assertThat(thinned.points()).hasSizeLessThanOrEqualTo(500).hasSizeGreaterThan(450);
    assertThat(thinned.points())
        .contains(new Point(33_334, 9), new Point(44_445, -9))
        .isSortedAccordingTo(Comparator.comparingDouble(Point::x));
    assertThat(thinned.points()).anyMatch(point -> Double.isNaN(point.y()));
    assertThat(curve(1, 2).thinned(500)).isEqualTo(curve(1, 2));
  }

  @ParameterizedTest
  @CsvSource({
    "0.1, 0.9, '0.0 0.2 0.4 0.6 0.8 1.0'",
    "0.61, 0.78, '0.60 0.65 0.70 0.75 0.80'",
    "0.7, 0.7, '0.0 0.2 0.4 0.6 0.8'",
    "0, 0, '0.0 0.2 0.4 0.6 0.8 1.0'",
    "-3, -3, '-3 -2 -1 0'",
    "0, 0.007, '0.000 0.002 0.004 0.006 0.008'",
    "0, 2e-6, '0 5.0e-07 1.0e-06 1.5e-06 2.0e-06'",
    "90, 4200, '0 1000 2000 3000 4000 5000'"
  })
  void ticksAreRoundNumbers(double low, double high, String labels) {
    Axis axis = Axis.of(low, high);

    assertThat(String.join(" ", axis.ticks().stream().map(axis::label).toList())).isEqualTo(labels);
  }

  @Test
  void countsInWholeNumbers() {
    assertThat(Axis.whole(1).ticks()).containsExactly(0.0, 1.0);
    assertThat(Axis.whole(3).ticks()).containsExactly(0.0, 1.0, 2.0, 3.0);
    assertThat(Axis.whole(0).ticks()).containsExactly(0.0, 1.0);
    assertThat(Axis.whole(30).ticks()).containsExactly(0.0, 10.0, 20.0, 30.0);
  }

  @Test
  void saysWhatADotIs() {
    String chart = Chart.of("Loss", "note", new Time("epoch", 2), NONE, curve(0.25, NAN)).html();

    assertThat(chart)
        .containsOnlyOnce("<circle")
        .contains(
            "<title>epoch 1: 0.2500</title>", "aria-label=\"Loss over time, from 0.00 to 0.25\"");
  }

  @Test
  void aLossThatJumpsOnceDoesNotFlattenTheOthers() {
    double[] losses = IntStream.range(0, 40).mapToDouble(i -> 2 - i / 40.0).toArray();
    Curve steps = curve(losses);
    losses[1] = 200;
    Curve jumping = curve(losses);
    Time time = new Time("step", 40);

    assertThat(Chart.ofMost("Loss", "of steps", time, jumping, NONE).html())
        .contains(
            "</h3> of steps; 1 point above 2.0 is cut off, the highest is 200.0<",
            "from 1.0 to 2.0\"")
        // The upper edge is at 12.
        .contains("L93.7 12.0L");
    assertThat(Chart.ofMost("Loss", "of steps", time, steps, NONE))
        .isEqualTo(Chart.of("Loss", "of steps", time, steps, NONE));
  }

  @Test
  void aLossThatFallsIsShownWhole() {
    double[] falling = IntStream.range(0, 200).mapToDouble(i -> 3 * Math.exp(-i / 20.0)).toArray();

    assertThat(Axis.ofMost(falling)).isEqualTo(Axis.of(falling[199], 3));
    // With so few points, each may be the one that matters.
    assertThat(Axis.ofMost(new double[] {90, 1, 1, 1})).isEqualTo(Axis.of(1, 90));
    assertThat(Axis.ofMost(new double[] {5})).isEqualTo(Axis.of(5, 5));
  }

  @Test
  void showsNothingWithoutNumbers() {
    assertThat(Chart.of("Loss", "", new Time("epoch", 2), curve(NAN), NONE))
        .isEqualTo(Markup.EMPTY);
  }

  @Test
  void neverWritesNaN() {
    for (Curve curve : List.of(curve(5), curve(0, 0, 0), curve(NAN, 1, NAN), curve(1e-12, 1e12))) {
      assertThat(Chart.of("x", "", new Time("step", 0), curve, curve).html())
          .doesNotContain("NaN", "Infinity");
      assertThat(Chart.sparkline(curve, new Time("step", 0)).html()).doesNotContain("NaN");
    }
  }
}
