package io.github.pixelwise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pixelwise.model.GridAlignment;
import io.github.pixelwise.model.ImageGeometry;
import io.github.pixelwise.model.OutputKind;
import io.github.pixelwise.model.OutputSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The confidence of each class at the photograph's size. */
class ClassConfidenceTest {
  private static final ImageGeometry GEOMETRY = ImageGeometry.stretched(50, 30, 32, 16);

  private static ScoreMap scores(OutputKind kind, double spread) {
    OutputSpec spec =
        OutputSpec.logits("out", 4).withKind(kind).withAlignment(GridAlignment.HALF_PIXEL);
    int channels = spec.channels(3);
    Random random = new Random(1);
    float[] scores = new float[channels * 8 * 4];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = (float) (random.nextFloat() * spread);
    }
    return ScoreMap.of(spec, GEOMETRY, channels, 8, 4, scores);
  }

  @ParameterizedTest
  @CsvSource({"LOGITS, 3", "LOGITS, 60", "PROBABILITIES, 1", "SIGMOID, 1", "BINARY_LOGITS, 9"})
  void rowsHaveWhatTheMapsOfTheClassesHave(OutputKind kind, double spread) {
    ScoreMap scores = scores(kind, spread);
    List<ConfidenceMap> maps = new ArrayList<>();
    for (int category = 0; category < (kind.isBinary() ? 2 : 3); category++) {
      maps.add(scores.confidence(category));
    }
    List<Integer> rows = new ArrayList<>();

    scores.confidences(
        (y, confidences) -> {
          rows.add(y);
          assertThat(confidences).hasDimensions(maps.size(), 50);
          for (int category = 0; category < maps.size(); category++) {
            for (int x = 0; x < 50; x++) {
              assertThat((confidences[category][x] & 0xff) / 255f)
                  .as("class %d at %d, %d", category, x, y)
                  .isEqualTo(maps.get(category).confidence(x, y));
            }
          }
        });

    assertThat(rows).hasSize(30).isSorted();
  }

  /** By the definition: softmax of the scores at a node, which lies on a pixel here. */
  @Test
  void theSoftmaxOfANodeIsItsConfidence() {
    ScoreMap scores =
        ScoreMap.of(
            OutputSpec.logits("out", 1),
            ImageGeometry.stretched(1, 1, 1, 1),
            3,
            1,
            1,
            new float[] {(float) Math.log(1), (float) Math.log(2), (float) Math.log(7)});

    assertThat(scores.confidence(0).confidence(0, 0)).isEqualTo(26 / 255f); // 0.1
    assertThat(scores.confidence(1).confidence(0, 0)).isEqualTo(51 / 255f); // 0.2
    assertThat(scores.confidence(2).confidence(0, 0)).isEqualTo(179 / 255f); // 0.7
  }

  @ParameterizedTest
  @EnumSource(names = {"LOGITS", "SIGMOID"})
  void otherClassesThanTheNetworksAreRefused(OutputKind kind) {
    ScoreMap scores = scores(kind, 1);

    assertThatThrownBy(() -> scores.confidence(3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the class must be 0 to %d, found 3", kind.isBinary() ? 1 : 2);
  }

  @Test
  void categoriesHaveNoConfidence() {
    ScoreMap scores = scores(OutputKind.CATEGORIES, 1);

    assertThatThrownBy(() -> scores.confidences((y, confidences) -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("output \"out\" gives categories without scores, so there is no confidence");
  }
}
