package io.github.pixelwise.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pixelwise.Preprocessor;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelInput;
import io.github.pixelwise.model.SizeRule;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the library's shared code runs when it opens a model. */
class OpeningTest {
  static Stream<SizeRule> sizes() {
    return Stream.of(
        SizeRule.fixed(512, 512),
        SizeRule.shortEdge(520),
        SizeRule.shortEdge(520).withMultiple(32, 1),
        SizeRule.longEdge(512));
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void openingRunsNoMoreThanAnImageWould(SizeRule size) {
    ModelCard model = MicroModel.AFFINE.descriptor();
    InputSpec input = InputSpec.builder("image", size).build();
    ModelCard.Builder card = ModelCard.builder("sized", input, model.output(), model.labels());
    model.files().forEach(card::file);
    Preprocessor standard = Preprocessor.from(input);
    List<ModelInput> inputs = new ArrayList<>();
    Preprocessor recording =
        image -> {
          inputs.add(standard.prepare(image));
          return inputs.get(inputs.size() - 1);
        };
    Segmenter.builder()
        .model(card.build())
        .backend("reference")
        .preprocessor(recording)
        .open()
        .close();
    assertThat(inputs).hasSize(1);
    assertThat(inputs.get(0).tensor().buffer().limit()).isLessThanOrEqualTo(3 * 520 * 520);
  }
}
