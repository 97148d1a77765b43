package io.github.pixelwise.internal.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.pixelwise.Noise;
import io.github.pixelwise.ScoreMap;
import io.github.pixelwise.model.GridAlignment;
import io.github.pixelwise.model.ImageGeometry;
import io.github.pixelwise.model.OutputKind;
import io.github.pixelwise.model.OutputSpec;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares with PyTorch, see {@code src/test/python/augmentation_golden.py}. */
class ScoreMeanTest {
  private static final OutputSpec LOGITS = OutputSpec.logits("out", 4);

  static List<String> cases() throws IOException {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                ScoreMeanTest.class.getResourceAsStream("augmentation-golden.txt"),
                StandardCharsets.UTF_8))) {
      return lines.lines().filter(line -> !line.startsWith("#")).toList();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void averagesAsPyTorchDoes(String line) {
    String[] fields = line.split(" ", -1);
    OutputSpec spec =
        LOGITS.withAlignment(
            GridAlignment.valueOf(fields[0].replace('-', '_').toUpperCase(Locale.ROOT)));
    int[] source = Stream.of(fields[1], fields[2]).mapToInt(Integer::parseInt).toArray();
    int channels = Integer.parseInt(fields[3]);
    String[] forms = fields[4].split(";", -1);
    List<ScoreMap> maps = new ArrayList<>();
    for (int i = 0; i < forms.length; i++) {
      int[] form = Arrays.stream(forms[i].split(",", -1)).mapToInt(Integer::parseInt).toArray();
      ImageGeometry geometry =
          ImageGeometry.stretched(source[0], source[1], form[0], form[1])
              .withContent(form[2], form[3], form[4], form[5]);
      byte[] noise = Noise.bytes(channels * form[6] * form[7], i + 1);
      float[] scores = new float[noise.length];
      for (int at = 0; at < scores.length; at++) {
        scores[at] = (noise[at] & 0xff) / 16f - 8;
      }
      maps.add(ScoreMap.of(spec, geometry, channels, form[6], form[7], scores));
    }
    ScoreMean mean = new ScoreMean(maps.get(0));
    for (int i = 0; i < forms.length; i++) {
      mean.add(maps.get(i), forms[i].endsWith(",1"));
    }

    ScoreMap merged = mean.mean();

    String[] expected = fields[5].split(",", -1);
    assertThat(expected).hasSize(channels * merged.width() * merged.height());
    for (int at = 0; at < expected.length; at++) {
      int x = at % merged.width();
      int y = at / merged.width() % merged.height();
      assertThat(merged.score(at / merged.width() / merged.height(), x, y))
          .as("node %d", at)
          .isCloseTo(Float.parseFloat(expected[at]), within(2e-5f));
    }
  }

  /** Scores that say where in the source each node lies. */
  private static ScoreMap ramp(GridAlignment alignment, ImageGeometry geometry, int stride) {
    int width = (geometry.inputWidth() + stride - 1) / stride;
    int height = (geometry.inputHeight() + stride - 1) / stride;
    float[] scores = new float[2 * width * height];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        scores[y * width + x] =
            (float)
                ((place(alignment, x, width, geometry.inputWidth()) - geometry.contentLeft())
                    / geometry.contentWidth());
        scores[(height + y) * width + x] =
            (float)
                ((place(alignment, y, height, geometry.inputHeight()) - geometry.contentTop())
                    / geometry.contentHeight());
      }
    }
    return ScoreMap.of(LOGITS.withAlignment(alignment), geometry, 2, width, height, scores);
  }

  /** Where a node lies in the input, from 0 at the edge of the first pixel. */
  private static double place(GridAlignment alignment, int node, int nodes, int input) {
    return alignment == GridAlignment.HALF_PIXEL
        ? (node + 0.5) * input / nodes
        : (double) node * (input - 1) / (nodes - 1) + 0.5;
  }

  /** However it is padded, a place of the photograph meets the same place in the other sizes. */
  @ParameterizedTest
  @EnumSource(GridAlignment.class)
  void placesOfThePhotographMeet(GridAlignment alignment) {
    ScoreMap first =
        ramp(alignment, ImageGeometry.stretched(300, 200, 65, 65).withContent(0, 11, 65, 43), 4);
    ScoreMap larger =
        ramp(alignment, ImageGeometry.stretched(300, 200, 97, 81).withContent(3, 5, 90, 61), 4);
    ScoreMap smaller =
        ramp(alignment, ImageGeometry.stretched(300, 200, 49, 33).withContent(0, 0, 49, 33), 4);
    ScoreMean mean = new ScoreMean(first);
    mean.add(first, false);
    mean.add(larger, false);
    mean.add(smaller, false);

    ScoreMap merged = mean.mean();

    assertThat(merged.geometry()).isEqualTo(first.geometry());
    for (int y = 0; y < first.height(); y++) {
      for (int x = 0; x < first.width(); x++) {
        float column = first.score(0, x, y);
        float row = first.score(1, x, y);
        if (Math.max(Math.abs(column - 0.5), Math.abs(row - 0.5)) < 0.4) {
          assertThat(merged.score(0, x, y)).isCloseTo(column, within(1e-5f));
          assertThat(merged.score(1, x, y)).isCloseTo(row, within(1e-5f));
        }
      }
    }
  }

  @Test
  void scoresOfTheSameGridAreNotInterpolated() {
    ImageGeometry geometry = ImageGeometry.stretched(3, 2, 3, 1);
    float[] scores = {0.1f, -0f, Float.MIN_VALUE};
    ScoreMap map = ScoreMap.of(LOGITS, geometry, 1, 3, 1, scores);
    ScoreMean mean = new ScoreMean(map);
    mean.add(map, false);

    assertThat(mean.mean()).isEqualTo(map);
  }

  @Test
  void categoriesCannotBeAveraged() {
    ScoreMap categories =
        ScoreMap.of(
            LOGITS.withKind(OutputKind.CATEGORIES),
            ImageGeometry.stretched(1, 1, 1, 1),
            1,
            1,
            1,
            new float[1]);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ScoreMean(categories))
        .withMessage(
            "categories cannot be averaged; open the model with a plan that makes one input");
  }
}
