package io.github.pixelwise.internal.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.pixelwise.LabelMap;
import io.github.pixelwise.Parallelism;
import io.github.pixelwise.Relabeling;
import io.github.pixelwise.ScoreMap;
import io.github.pixelwise.SegmentationOptions;
import io.github.pixelwise.Thresholds;
import io.github.pixelwise.model.ImageGeometry;
import io.github.pixelwise.model.OutputKind;
import io.github.pixelwise.model.OutputSpec;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Decides on a single pixel, whose probabilities are 0.4, 0.3, 0.25 and 0.05. */
class DecisionTest {
  private static final LabelMap LABELS = LabelMap.of(List.of("a", "b", "c", "d"));
  private static final LabelMap YES_NO = LabelMap.of(List.of("no", "yes"));
  private static final float[] PROBABILITIES = {0.4f, 0.3f, 0.25f, 0.05f};
  private static final int VOID = 255;

  private static Decoder.Decoded decode(
      OutputKind kind, LabelMap labels, float[] values, SegmentationOptions options) {
    ScoreMap scores =
        ScoreMap.of(
            OutputSpec.logits("out", 1).withKind(kind),
            ImageGeometry.stretched(1, 1, 1, 1),
            values.length,
            1,
            1,
            values);
    return Decoder.decode(
        scores, Decision.of(labels, options), options.confidence(), Parallelism.common());
  }

  private static int category(OutputKind kind, SegmentationOptions options) {
    float[] values = PROBABILITIES.clone();
    for (int i = 0; kind == OutputKind.LOGITS && i < values.length; i++) {
      values[i] = (float) Math.log(values[i]);
    }
    int category = decode(kind, LABELS, values, options).mask().category(0, 0);
    Decoder.Decoded withConfidence = decode(kind, LABELS, values, options.withConfidence());
    assertThat(withConfidence.mask().category(0, 0)).isEqualTo(category);
    float expected = options.relabeling().isPresent() ? 0.65f : 0.4f;
    assertThat(withConfidence.confidence().orElseThrow().confidence(0, 0))
        .isCloseTo(expected, within(0.5f / 255));
    return category;
  }

  @ParameterizedTest
  @EnumSource(names = {"LOGITS", "PROBABILITIES"})
  void anUnsurePixelIsUndecided(OutputKind kind) {
    SegmentationOptions options = SegmentationOptions.MASK_ONLY;

    assertThat(category(kind, options)).isZero();
    assertThat(category(kind, options.withThresholds(Thresholds.ofAll(0.39)))).isZero();
    assertThat(category(kind, options.withThresholds(Thresholds.ofAll(0.41)))).isEqualTo(VOID);
    assertThat(category(kind, options.withThresholds(Thresholds.of("A", 0.41)))).isEqualTo(VOID);
    assertThat(category(kind, options.withThresholds(Thresholds.of("b", 0.41)))).isZero();
    assertThat(category(kind, options.withThresholds(Thresholds.ofAll(0.41).and("a", 0.39))))
        .isZero();
    assertThat(category(kind, options.withThresholds(Thresholds.of("a", 0.41).otherwise("d"))))
        .isEqualTo(3);
  }

  @ParameterizedTest
  @EnumSource(names = {"LOGITS", "PROBABILITIES"})
  void aMergedClassHasTheSumOfItsMembersProbabilities(OutputKind kind) {
    SegmentationOptions options =
        SegmentationOptions.MASK_ONLY.withRelabeling(
            Relabeling.of(LABELS, Map.of("a", "even", "c", "even")));

    assertThat(category(kind, options)).isZero();
    assertThat(category(kind, options.withThresholds(Thresholds.of("even", 0.64)))).isZero();
    assertThat(category(kind, options.withThresholds(Thresholds.of("even", 0.66)))).isEqualTo(VOID);
    assertThat(category(kind, options.withThresholds(Thresholds.of("even", 0.66).otherwise("d"))))
        .isEqualTo(2);
  }

  @Test
  void theNetworkDecidesBeforeClassesAreMerged() {
    SegmentationOptions options =
        SegmentationOptions.MASK_ONLY.withRelabeling(
            Relabeling.of(LABELS, Map.of("a", "first", "b", "rest", "c", "rest", "d", "rest")));

    assertThat(
            decode(OutputKind.PROBABILITIES, LABELS, PROBABILITIES, options).mask().category(0, 0))
        .isZero();
  }

  @Test
  void aClassMayBecomeVoid() {
    SegmentationOptions options =
        SegmentationOptions.MASK_ONLY
            .withRelabeling(Relabeling.of(LABELS, Map.of("a", Relabeling.VOID)))
            .withThresholds(Thresholds.ofAll(0.9).otherwise("d"));

    assertThat(
            decode(OutputKind.PROBABILITIES, LABELS, PROBABILITIES, options).mask().category(0, 0))
        .isEqualTo(VOID);
  }

  @Test
  void categoriesInTheGraphAreRelabelledAndVoidStaysVoid() {
    Relabeling swapped = Relabeling.of(LABELS, Map.of("a", "z", "d", "b"));
    SegmentationOptions options = SegmentationOptions.MASK_ONLY.withRelabeling(swapped);

    assertThat(swapped.labels().names()).containsExactly("z", "b", "c");
    assertThat(List.of(0f, 1f, 2f, 3f, 255f))
        .extracting(
            value ->
                decode(OutputKind.CATEGORIES, LABELS, new float[] {value}, options)
                    .mask()
                    .category(0, 0))
        .containsExactly(0, 1, 2, 1, VOID);
  }

  @ParameterizedTest(name = "p {0}, yes from {1}, no from {2}: {3}")
  @CsvSource({
    // Unless set, the card's threshold, 0.5, decides for yes.
    "0.50, 0.0, 0.0, 1",
    "0.49, 0.0, 0.0, 0",
    "0.35, 0.3, 0.0, 1",
    "0.65, 0.7, 0.0, 0",
    "0.65, 0.7, 0.4, 255",
    "0.55, 0.7, 0.4, 0",
    "0.45, 0.0, 0.6, 255",
    "0.39, 0.0, 0.6, 0",
    "0.71, 0.7, 0.7, 1",
  })
  void aSigmoidDecidesForEitherClassByItsThreshold(
      float probability, double yes, double no, int category) {
    SegmentationOptions options =
        SegmentationOptions.MASK_ONLY.withThresholds(Thresholds.of("yes", yes).and("no", no));

    assertThat(
            decode(OutputKind.SIGMOID, YES_NO, new float[] {probability}, options)
                .mask()
                .category(0, 0))
        .isEqualTo(category);
    float logit = (float) Math.log(probability / (1 - probability));
    assertThat(
            decode(OutputKind.BINARY_LOGITS, YES_NO, new float[] {logit}, options)
                .mask()
                .category(0, 0))
        .isEqualTo(category);
  }

  @Test
  void aSigmoidsMergedClassesAreCertain() {
    SegmentationOptions options =
        SegmentationOptions.MASK_ONLY
            .withRelabeling(Relabeling.of(YES_NO, Map.of("no", "any", "yes", "any")))
            .withThresholds(Thresholds.of("any", 1))
            .withConfidence();

    Decoder.Decoded decoded = decode(OutputKind.SIGMOID, YES_NO, new float[] {0.5f}, options);

    assertThat(decoded.mask().category(0, 0)).isZero();
    assertThat(decoded.confidence().orElseThrow().confidence(0, 0)).isEqualTo(1);
  }

  @Test
  void unknownClassesListTheKnownOnes() {
    for (Thresholds wrong :
        List.of(Thresholds.of("aa", 0.5), Thresholds.ofAll(0.5).otherwise("aa"))) {
      assertThatThrownBy(
              () -> Decision.of(LABELS, SegmentationOptions.MASK_ONLY.withThresholds(wrong)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("no class is named \"aa\" (did you mean \"a\"?). Classes: a, b, c, d.");
    }
  }

  @Test
  void aRelabelingOfOtherClassesIsRefused() {
    SegmentationOptions options =
        SegmentationOptions.MASK_ONLY.withRelabeling(Relabeling.of(YES_NO, Map.of("no", "maybe")));

    assertThatThrownBy(() -> Decision.of(LABELS, options))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "the relabeling is for a network with other classes: it expects [no, yes], and the network"
                + " has [a, b, c, d]");
  }
}
