package io.github.pixelwise.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.evaluation.internal.Rules;
import io.github.pixelwise.evaluation.internal.TextTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ComparisonTest {
  private static final CategoryMask TRUTH = Reports.mask(0, 0, 1, 1);
  private static final String[] CLASSES = {"road", "car"};

  private static EvaluationReport report(EmptyClasses rule, ImageResult... images) {
    return new EvaluationReport(Reports.info(images.length, CLASSES), rule, List.of(images));
  }

  private static ImageResult image(String name, int... prediction) {
    return Reports.image(name, TRUTH, Reports.mask(prediction), 2);
  }

  private static final EvaluationReport OLD =
      report(
          EmptyClasses.SKIP,
          image("c", 0, 0, 1, 1),
          image("a", 0, 0, 0, 0),
          image("b", 0, 1, 1, 1),
          image("old", 0, 0, 1, 1));
  private static final EvaluationReport NEW =
      report(
          EmptyClasses.SKIP,
          image("a", 0, 0, 1, 1),
          image("b", 1, 1, 1, 1),
          image("c", 0, 0, 1, 1),
          image("new", 0, 0, 1, 1));

  @Test
  void takesThePhotographsThatBothHave() {
    Comparison comparison = Comparison.of(OLD, NEW);

    assertThat(comparison.images())
        .extracting(Comparison.ImageChange::name)
        .containsExactly("a", "b", "c");
    assertThat(comparison.onlyA()).containsExactly("old");
    assertThat(comparison.onlyB()).containsExactly("new");
    // 12 pixels, 9 right in the old run and 10 in the new one.
    assertThat(comparison.pixelAccuracy().a()).isEqualTo(9.0 / 12);
    assertThat(comparison.pixelAccuracy().b()).isEqualTo(10.0 / 12);
    assertThat(comparison.classes())
        .containsExactly(
            new Comparison.ClassChange(0, "road", 5.0 / 8, 4.0 / 6),
            new Comparison.ClassChange(1, "car", 4.0 / 7, 6.0 / 8));
    assertThat(comparison.meanIou().change())
        .isEqualTo((4.0 / 6 + 6.0 / 8) / 2 - (5.0 / 8 + 4.0 / 7) / 2, within(1e-15));
    assertThat(comparison.images().get(1))
        .isEqualTo(new Comparison.ImageChange("b", (0.5 + 2.0 / 3) / 2, 0.25, 0.75, 0.5));
  }

  @Test
  void textHasWhatGotWorseAndBetter() {
    assertThat(Comparison.of(OLD, NEW).toText())
        .isEqualTo(
            """
            A: tiny on onnx on streets
            B: tiny on onnx on streets
            3 photographs are in both.
            Only A has 1 photograph, left out here: old
            Only B has 1 photograph, left out here: new

                                  A       B    B - A       95 % interval
            mean IoU (skip)  0.5982  0.7083  +0.1101  -0.3333 to +0.7500  not clear
            pixel accuracy   0.7500  0.8333  +0.0833  -0.2500 to +0.5000  not clear

            class  IoU of A  IoU of B    B - A
            road     0.6250    0.6667  +0.0417
            car      0.5714    0.7500  +0.1786

            photographs that got worse  IoU of A  IoU of B    B - A
            b                             0.5833    0.2500  -0.3333

            photographs that got better  IoU of A  IoU of B    B - A
            a                              0.2500    1.0000  +0.7500

            Intervals are paired bootstraps over photographs: 95 %, percentiles of 10,000 resamples, seed 15.
            """
                + TextTable.wrapped(Rules.of(EmptyClasses.SKIP))
                + TextTable.wrapped(Rules.VOID)
                + Rules.IMAGES
                + "\n");
  }

  @Test
  void jsonHasClassesAndImages() {
    assertThat(Comparison.of(OLD, NEW).toJson())
        .contains(
            """
              "photographs" : 3,
              "onlyA" : [ "old" ],
              "onlyB" : [ "new" ],
            """,
            """
                "resamples" : 10000,
                "seed" : 15
            """,
            """
              "pixelAccuracy" : {
                "a" : 0.75,
                "b" : 0.8333333333333334,
                "change" : 0.08333333333333337,
                "low" : -0.25,
                "high" : 0.5
              },
              "classes" : [ {
                "id" : 0,
                "name" : "road",
                "iouA" : 0.625,
                "iouB" : 0.6666666666666666
              }, {
            """,
            """
                "name" : "c",
                "meanIouA" : 1.0,
                "meanIouB" : 1.0,
                "pixelAccuracyA" : 1.0,
                "pixelAccuracyB" : 1.0
              } ]
            }""");
  }

  @Test
  void namesWhatDiffers() {
    EvaluationReport other =
        new EvaluationReport(Reports.info(1, "road", "bus", "tree"), EmptyClasses.ZERO, List.of());

    assertThatThrownBy(() -> Comparison.of(OLD, other))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "the two runs cannot be compared, because they differ in the numbers of classes: 2 and 3;"
                + " class 1: car and bus; the rules for empty classes: skip and zero");
  }

  @Test
  void refusesPhotographsOfAnotherTruth() {
    EvaluationReport other =
        report(
            EmptyClasses.SKIP,
            Reports.image("a", Reports.mask(0, 0, 0, 1), Reports.mask(0, 0, 0, 1), 2));

    assertThatThrownBy(() -> Comparison.of(OLD, other))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "the two runs cannot be compared, because the truth of a differs; evaluate both on the"
                + " same masks");
  }

  @Test
  void refusesRunsWithoutACommonPhotograph() {
    EvaluationReport other = report(EmptyClasses.SKIP, image("z", 0, 0, 1, 1));

    assertThatThrownBy(() -> Comparison.of(OLD, other))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the two runs have no photograph in common, such as a and z");
  }

  /** Resamples whole confusion matrices and takes the metrics that reports print. */
  @ParameterizedTest
  @EnumSource(EmptyClasses.class)
  void intervalsAreThoseOfResampledConfusionMatrices(EmptyClasses rule) {
    List<ImageResult> a = random(8, 4, 1);
    List<ImageResult> b = random(8, 4, 2);
    double[] ious = new double[Comparison.RESAMPLES];
    double[] accuracies = new double[Comparison.RESAMPLES];
    SplittableRandom draws = new SplittableRandom(Comparison.SEED);
    for (int resample = 0; resample < ious.length; resample++) {
      ConfusionMatrix sumA = ConfusionMatrix.of(4, Reports.VOID);
      ConfusionMatrix sumB = ConfusionMatrix.of(4, Reports.VOID);
      for (int i = 0; i < 8; i++) {
        int image = draws.nextInt(8);
        a.get(image).addTo(sumA);
        b.get(image).addTo(sumB);
      }
      ious[resample] = sumB.metrics(rule).meanIou() - sumA.metrics(rule).meanIou();
      accuracies[resample] =
          sumB.metrics(rule).pixelAccuracy() - sumA.metrics(rule).pixelAccuracy();
    }

    Bootstrap bootstrap = new Bootstrap(4, rule, a, b);

    Difference iou = bootstrap.meanIou(0, 0);
    Difference accuracy = bootstrap.pixelAccuracy(0, 0);
    if (rule == EmptyClasses.NAN) {
      assertThat(iou.low()).isNaN();
    } else {
      assertThat(iou.low()).isEqualTo(percentile(ious, 250), within(1e-12));
      assertThat(iou.high()).isEqualTo(percentile(ious, 9750), within(1e-12));
    }
    assertThat(accuracy.low()).isEqualTo(percentile(accuracies, 250), within(1e-12));
    assertThat(accuracy.high()).isEqualTo(percentile(accuracies, 9750), within(1e-12));
  }

  /** The value that {@code rank} of 10,000 lie below, between its two neighbors. */
  private static double percentile(double[] values, int rank) {
    double[] sorted = Arrays.stream(values).sorted().toArray();
    double share = rank / 10_000.0 * 9_999 - Math.floor(rank / 10_000.0 * 9_999);
    int below = (int) Math.floor(rank / 10_000.0 * 9_999);
    return (1 - share) * sorted[below] + share * sorted[below + 1];
  }

  /** With images of one size, the difference is a mean, whose spread is known. */
  @Test
  void intervalsAreAsWideAsTheTheoryOfMeansSays() {
    Random random = new Random(3);
    List<ImageResult> a = new ArrayList<>();
    List<ImageResult> b = new ArrayList<>();
    double[] differences = new double[400];
    for (int i = 0; i < differences.length; i++) {
      int wrongA = random.nextInt(50);
      int wrongB = Math.max(0, wrongA - 5 + random.nextInt(9));
      a.add(wrong("i" + i, wrongA));
      b.add(wrong("i" + i, wrongB));
      differences[i] = (wrongA - wrongB) / 100.0;
    }
    double mean = Arrays.stream(differences).average().orElseThrow();
    double deviation =
        Math.sqrt(
            Arrays.stream(differences).map(d -> (d - mean) * (d - mean)).average().orElseThrow());

    Difference accuracy = new Bootstrap(2, EmptyClasses.SKIP, a, b).pixelAccuracy(0, mean);

    double half = 1.96 * deviation / Math.sqrt(differences.length);
    assertThat(accuracy.low()).isEqualTo(mean - half, within(0.05 * half));
    assertThat(accuracy.high()).isEqualTo(mean + half, within(0.05 * half));
    assertThat(accuracy.isClear()).isTrue();
  }

  private static ImageResult wrong(String name, int pixels) {
    CategoryMask truth = Reports.mask(new int[100]);
    return Reports.image(
        name,
        truth,
        Reports.mask(IntStream.range(0, 100).map(i -> i < pixels ? 1 : 0).toArray()),
        2);
  }

  /** Images whose last class is in the first image alone, and that have void on both sides. */
  private static List<ImageResult> random(int images, int classes, int seed) {
    Random truths = new Random(7);
    Random predictions = new Random(seed);
    List<ImageResult> results = new ArrayList<>();
    for (int i = 0; i < images; i++) {
      int most = i == 0 ? classes : classes - 1;
      int[] truth = truths.ints(60, 0, most + 1).map(c -> c == most ? 255 : c).toArray();
      int[] prediction =
          Arrays.stream(truth)
              .map(c -> predictions.nextInt(3) > 0 ? c : predictions.nextInt(most))
              .toArray();
      results.add(
          Reports.image("image " + i, Reports.mask(truth), Reports.mask(prediction), classes));
    }
    return results;
  }
}
