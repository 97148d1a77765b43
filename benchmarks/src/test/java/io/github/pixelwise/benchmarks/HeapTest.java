package io.github.pixelwise.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pixelwise.Preprocessor;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.model.ModelCard;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scores at the photo's size are never held, whatever the number of classes. */
class HeapTest {
  private static final int MOST = 64;

  @ParameterizedTest
  @ValueSource(ints = {21, 150, 1000})
  void needsLittleMoreThanTheResultsFor12Megapixels(int classes) throws IOException {
    ModelCard model = ScoresBackend.model(classes);
    RgbImage photo = Photographs.of(4000, 3000);
    try (Segmenter segmenter = ScoresBackend.segmenter(model, Preprocessor.from(model.input()))) {
      GrowthCommand.run(segmenter, photo); // generates the scores

      double allocated = GrowthCommand.run(segmenter, photo).heap();

      // The total allocation is more than was ever held at once.
      assertThat(allocated).as("MB beyond photograph and results").isBetween(1.0, 1.0 * MOST);
    }
  }
}
