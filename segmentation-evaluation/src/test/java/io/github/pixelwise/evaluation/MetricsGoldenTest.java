package io.github.pixelwise.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.pixelwise.AlphaMask;
import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.ConfidenceMap;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares with what {@code src/test/python/metrics_golden.py} computed, digit by digit. */
class MetricsGoldenTest {
  private static final String FILE = "metrics-golden.txt";

  private static final class Case {
    private final String[] head;
    private final Map<String, String> lines = new LinkedHashMap<>();

    Case(String line) {
      head = line.split(" ");
    }

    int classes() {
      return Integer.parseInt(head[2]);
    }

    int ignoreIndex() {
      return Integer.parseInt(head[3]);
    }

    int width() {
      return Integer.parseInt(head[4]);
    }

    int height() {
      return Integer.parseInt(head[5]);
    }

    byte[] bytes(String key) {
      return HexFormat.of().parseHex(Objects.requireNonNull(lines.get(key)));
    }

    CategoryMask mask(String key) {
      return CategoryMask.of(width(), height(), bytes(key));
    }

    double[] numbers(String key) {
      return Arrays.stream(Objects.requireNonNull(lines.get(key), key).split(" "))
          .mapToDouble(text -> text.equals("nan") ? Double.NaN : Double.parseDouble(text))
          .toArray();
    }

    SegmentationMetrics metrics(EmptyClasses rule) {
      ConfusionMatrix matrix = ConfusionMatrix.of(classes(), ignoreIndex());
      matrix.add(mask("truth"), mask("prediction"));
      return matrix.metrics(rule);
    }

    double[] each(IntToDoubleFunction metric) {
      double[] values = new double[classes()];
      Arrays.setAll(values, metric);
      return values;
    }

    @Override
    public String toString() {
      return head[1];
    }
  }

  static Stream<Case> cases() {
    List<Case> cases = new ArrayList<>();
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(MetricsGoldenTest.class.getResourceAsStream(FILE)),
                StandardCharsets.UTF_8))) {
      in.lines()
          .filter(line -> !line.startsWith("#"))
          .forEach(
              line -> {
                if (line.startsWith("case ")) {
                  cases.add(new Case(line));
                } else {
                  int space =
                      line.startsWith("boundary")
                          ? line.indexOf(' ', line.indexOf(' ') + 1)
                          : line.indexOf(' ');
                  cases
                      .get(cases.size() - 1)
                      .lines
                      .put(line.substring(0, space), line.substring(space + 1));
                }
              });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return cases.stream();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void classesHaveTheMetricsOfTheReference(Case golden) {
    SegmentationMetrics metrics = golden.metrics(EmptyClasses.SKIP);

    assertThat(golden.each(metrics::iou)).containsExactly(golden.numbers("iou"));
    assertThat(golden.each(metrics::dice)).containsExactly(golden.numbers("dice"));
    assertThat(golden.each(metrics::recall)).containsExactly(golden.numbers("recall"));
    assertThat(golden.each(metrics::precision)).containsExactly(golden.numbers("precision"));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void meansFollowTheRuleForEmptyClasses(Case golden) {
    SegmentationMetrics skip = golden.metrics(EmptyClasses.SKIP);

    assertThat(
            new double[] {
              skip.meanIou(), skip.meanDice(), skip.meanAccuracy(), skip.meanPrecision()
            })
        .containsExactly(golden.numbers("means"));
    assertThat(golden.metrics(EmptyClasses.NAN).meanIou())
        .isEqualTo(Double.valueOf(golden.numbers("miou-nan")[0]));
    assertThat(golden.metrics(EmptyClasses.ZERO).meanIou())
        .isEqualTo(Double.valueOf(golden.numbers("miou-zero")[0]));
    assertThat(golden.metrics(EmptyClasses.ONE).meanIou())
        .isEqualTo(Double.valueOf(golden.numbers("miou-one")[0]));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void pixelsHaveTheMetricsOfTheReference(Case golden) {
    SegmentationMetrics metrics = golden.metrics(EmptyClasses.SKIP);

    assertThat(
            new double[] {metrics.pixelAccuracy(), metrics.frequencyWeightedIou(), metrics.kappa()})
        .containsExactly(golden.numbers("pixels"));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void boundariesAreThoseOfThePublishedRules(Case golden) {
    for (int px : new int[] {0, 1, 3}) {
      BoundaryCounts counts =
          BoundaryCounts.of(
              golden.mask("truth"),
              golden.mask("prediction"),
              golden.classes(),
              golden.ignoreIndex(),
              px == 0 ? OptionalInt.empty() : OptionalInt.of(px));
      BoundaryMetrics metrics =
          new BoundaryMetrics(
              golden.classes(),
              List.of(BoundaryCounts.ofLongs(counts.toLongs())),
              EmptyClasses.SKIP);

      assertThat(golden.each(metrics::iou)).containsExactly(golden.numbers("boundary-iou " + px));
      assertThat(golden.each(metrics::fScore)).containsExactly(golden.numbers("boundary-f " + px));
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void calibrationErrorIsThatOfFifteenBins(Case golden) {
    Calibration calibration =
        Calibration.of(
            golden.mask("truth"),
            golden.mask("prediction"),
            ConfidenceMap.of(golden.width(), golden.height(), golden.bytes("confidence")),
            golden.ignoreIndex());

    assertThat(calibration.expectedError()).isEqualTo(Double.valueOf(golden.numbers("ece")[0]));
  }

  /** Within rounding: the reference adds up in another order. */
  @ParameterizedTest
  @MethodSource("cases")
  void alphaErrorsAreThoseOfTheReference(Case golden) {
    byte[] truth = golden.bytes("truth");
    for (int i = 0; i < truth.length; i++) {
      truth[i] = (byte) (truth[i] * 40);
    }
    AlphaError error =
        AlphaError.of(
            AlphaMask.of(golden.width(), golden.height(), truth),
            AlphaMask.of(golden.width(), golden.height(), golden.bytes("confidence")));

    double[] expected = golden.numbers("alpha");
    assertThat(error.meanAbsolute()).isEqualTo(expected[0], within(1e-14));
    assertThat(error.meanSquared()).isEqualTo(expected[1], within(1e-14));
    assertThat(error.gradient()).isEqualTo(expected[2], within(1e-12 * expected[2]));
  }
}
