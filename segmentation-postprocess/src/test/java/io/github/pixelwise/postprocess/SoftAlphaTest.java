package io.github.pixelwise.postprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.github.pixelwise.AlphaMask;
import io.github.pixelwise.LabelMap;
import io.github.pixelwise.ScoreMap;
import io.github.pixelwise.model.GridAlignment;
import io.github.pixelwise.model.ImageGeometry;
import io.github.pixelwise.model.OutputKind;
import io.github.pixelwise.model.OutputSpec;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SoftAlphaTest {
  private static final LabelMap LABELS = LabelMap.of(List.of("cat", "Background", "dog"));

  static List<Arguments.ArgumentSet> pyTorch() {
    return Golden.lines("probability-golden.txt", "softmax").stream()
        .map(
            f -> {
              int[] n = Arrays.stream(f, 1, 6).mapToInt(Integer::parseInt).toArray();
              boolean aligned = Boolean.parseBoolean(f[6]);
              byte[] bytes = Golden.bytes(f[8]);
              float[] logits = new float[bytes.length];
              for (int i = 0; i < logits.length; i++) {
                logits[i] = ((bytes[i] & 0xff) - 128) / 16f;
              }
              ScoreMap scores =
                  scores(
                      OutputKind.LOGITS,
                      aligned ? GridAlignment.ALIGNED_CORNERS : GridAlignment.HALF_PIXEL,
                      // Aligned corners are those of the input, here as large as the source.
                      aligned
                          ? ImageGeometry.stretched(n[3], n[4], n[3], n[4])
                          : ImageGeometry.stretched(n[3], n[4], n[1] * 8, n[2] * 8),
                      n[0],
                      n[1],
                      logits);
              int[] wanted =
                  Stream.of(f[7].split(","))
                      .filter(c -> !c.isEmpty())
                      .mapToInt(Integer::parseInt)
                      .toArray();
              return Arguments.argumentSet(
                  String.join(" ", List.of(f).subList(1, 8)),
                  scores,
                  wanted,
                  AlphaMask.of(n[3], n[4], Golden.bytes(f[9])));
            })
        .toList();
  }

  private static ScoreMap scores(
      OutputKind kind,
      GridAlignment alignment,
      ImageGeometry geometry,
      int channels,
      int gridWidth,
      float... values) {
    return ScoreMap.of(
        OutputSpec.logits("out", 8).withKind(kind).withAlignment(alignment),
        geometry,
        channels,
        gridWidth,
        values.length / channels / gridWidth,
        values);
  }

  @ParameterizedTest
  @MethodSource("pyTorch")
  void isTheSoftmaxOfPyTorchsInterpolation(ScoreMap scores, int[] wanted, AlphaMask expected) {
    AlphaMask alpha = Alpha.ofProbability(scores, wanted);

    byte[] actual = alpha.toByteArray();
    byte[] golden = expected.toByteArray();
    assertThat(alpha.width()).isEqualTo(expected.width());
    int unequal = 0;
    for (int i = 0; i < golden.length; i++) {
      // A probability between two steps may be rounded either way.
      assertThat(actual[i] & 0xff).isBetween((golden[i] & 0xff) - 1, (golden[i] & 0xff) + 1);
      unequal += actual[i] == golden[i] ? 0 : 1;
    }
    assertThat(unequal).isLessThanOrEqualTo(golden.length / 500);
  }

  @Test
  void hasAllOfPyTorchsCases() {
    assertThat(pyTorch()).hasSize(8);
  }

  @Test
  void keepsClassesByNameAndAllButBackground() {
    float[] logits = {1, 0, 2, 0, 0, 3};
    ScoreMap scores = logits(logits);

    AlphaMask cat = Alpha.ofProbability(scores, 0);
    AlphaMask both = Alpha.ofProbability(scores, 0, 2);

    assertThat(Alpha.ofProbability(scores, LABELS, "Cat")).isEqualTo(cat);
    assertThat(Alpha.ofProbability(scores, LABELS, "dog", "cat")).isEqualTo(both);
    assertThat(Alpha.foreground(scores, LABELS)).isEqualTo(both).isNotEqualTo(cat);
    // e^1 / (e^1 + e^2 + e^0) at the first node, 1 / (1 + 1 + e^3) at the second
    assertThat(cat.alpha(0, 0)).isEqualTo((int) Math.round(255 * 0.24472847));
    assertThat(cat.alpha(15, 7)).isEqualTo((int) Math.round(255 * 0.04527850));
  }

  private static ScoreMap logits(float... values) {
    return scores(
        OutputKind.LOGITS,
        GridAlignment.HALF_PIXEL,
        ImageGeometry.stretched(16, 8, 16, 8),
        3,
        2,
        values);
  }

  /** Where classes are far apart, whole cells are filled at once. */
  @Test
  void isFullAndEmptyWhereTheNetworkIsSure() {
    ScoreMap scores = logits(50, 50, 0, 0, -50, 49);

    assertThat(Alpha.ofProbability(scores, 0, 2)).isEqualTo(filled(255));
    assertThat(Alpha.ofProbability(scores, 0, 1, 2)).isEqualTo(filled(255));
    assertThat(Alpha.ofProbability(scores, 1)).isEqualTo(filled(0));
    assertThat(Alpha.ofProbability(scores)).isEqualTo(filled(0));
  }

  private static AlphaMask filled(int alpha) {
    byte[] values = new byte[16 * 8];
    Arrays.fill(values, (byte) alpha);
    return AlphaMask.of(16, 8, values);
  }

  @Test
  void addsUpInterpolatedProbabilities() {
    ScoreMap scores =
        scores(
            OutputKind.PROBABILITIES,
            GridAlignment.HALF_PIXEL,
            ImageGeometry.stretched(4, 1, 16, 8),
            3,
            2,
            new float[] {0.5f, 0.2f, 0.2f, 0.8f, 0.3f, 0});

    // Pixels lie 0, 1/4, 3/4 and all of the way from the first node to the second.
    assertThat(Alpha.ofProbability(scores, LABELS, "cat", "dog"))
        .isEqualTo(AlphaMask.of(4, 1, new byte[] {(byte) 204, (byte) 166, 89, 51}));
  }

  @Test
  void takesASigmoidForTheProbabilityOfClassOne() {
    ScoreMap scores =
        scores(
            OutputKind.SIGMOID,
            GridAlignment.HALF_PIXEL,
            ImageGeometry.stretched(4, 1, 16, 8),
            1,
            2,
            new float[] {0.2f, 1});
    LabelMap labels = LabelMap.of(List.of("background", "hair"));

    assertThat(Alpha.foreground(scores, labels))
        .isEqualTo(Alpha.ofProbability(scores, 1))
        .isEqualTo(AlphaMask.of(4, 1, new byte[] {51, 102, (byte) 204, (byte) 255}));
    assertThat(Alpha.ofProbability(scores, labels, "background"))
        .isEqualTo(AlphaMask.of(4, 1, new byte[] {(byte) 204, (byte) 153, 51, 0}));
    assertThat(Alpha.ofProbability(scores, 0, 1).alpha(1, 0)).isEqualTo(255);
  }

  @Test
  void isEmptyOutsideACrop() {
    // The middle 16 x 8 of a source of 20 x 10 fill the input.
    ScoreMap scores =
        scores(
            OutputKind.LOGITS,
            GridAlignment.HALF_PIXEL,
            ImageGeometry.stretched(20, 10, 16, 8).withContent(-2, -1, 20, 10),
            3,
            2,
            new float[] {1, 0, 2, 0, 0, 3});
    AlphaMask inside = Alpha.ofProbability(logits(1, 0, 2, 0, 0, 3), 0);

    AlphaMask alpha = Alpha.ofProbability(scores, 0);

    for (int y = 0; y < 10; y++) {
      for (int x = 0; x < 20; x++) {
        boolean shown = x >= 2 && x < 18 && y >= 1 && y < 9;
        assertThat(alpha.alpha(x, y)).isEqualTo(shown ? inside.alpha(x - 2, y - 1) : 0);
      }
    }
  }

  @Test
  void refusesCategoriesInPlaceOfScores() {
    ScoreMap scores =
        scores(
            OutputKind.CATEGORIES,
            GridAlignment.HALF_PIXEL,
            ImageGeometry.stretched(4, 1, 16, 8),
            1,
            2,
            new float[] {0, 1});
    String message =
        "output \"out\" holds categories, not their probabilities; make the alpha mask of the"
            + " category mask, and soften it by Alpha.feather";

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Alpha.ofProbability(scores, 0))
        .withMessage(message);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Alpha.ofProbability(scores, LABELS, "cat"))
        .withMessage(message);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Alpha.foreground(scores, LABELS))
        .withMessage(message);
  }

  @Test
  void refusesCategoriesThatTheNetworkLacks() {
    ScoreMap scores = logits(new float[6]);

    for (int category : new int[] {-1, 3, 255}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Alpha.ofProbability(scores, 0, category))
          .withMessage("categories must lie in 0..2, found " + category);
    }
  }

  @Test
  void refusesOtherLabels() {
    ScoreMap scores = logits(new float[6]);
    String message =
        "output \"out\" has scores of 3 classes, the labels name 21; give those of the model";

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Alpha.foreground(scores, LabelMap.voc()))
        .withMessage(message);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Alpha.ofProbability(scores, LabelMap.voc(), "person"))
        .withMessage(message);
  }

  @Test
  void listsTheClassesIfThereIsNoneOfAName() {
    ScoreMap scores = logits(new float[6]);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Alpha.ofProbability(scores, LABELS, "dogs"))
        .withMessage(
            "no class is named \"dogs\" (did you mean \"dog\"?). Classes: cat, Background, dog.");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Alpha.foreground(scores, LabelMap.of(List.of("a", "b", "c"))))
        .withMessage(
            "no class is named \"background\", so there is no telling the foreground; name its"
                + " classes to Alpha.ofProbability. Classes: a, b, c.");
  }

  @Test
  @SuppressWarnings("NullAway")
  void refusesNull() {
    ScoreMap scores = logits(new float[6]);
    assertThatNullPointerException()
        .isThrownBy(() -> Alpha.foreground((ScoreMap) null, LABELS))
        .withMessage("scores");
    assertThatNullPointerException()
        .isThrownBy(() -> Alpha.foreground(scores, null))
        .withMessage("labels");
    assertThatNullPointerException()
        .isThrownBy(() -> Alpha.ofProbability((ScoreMap) null, LABELS, "cat"))
        .withMessage("scores");
    assertThatNullPointerException()
        .isThrownBy(() -> Alpha.ofProbability(scores, null, "cat"))
        .withMessage("labels");
    assertThatNullPointerException()
        .isThrownBy(() -> Alpha.ofProbability((ScoreMap) null, 1))
        .withMessage("scores");
  }
}
