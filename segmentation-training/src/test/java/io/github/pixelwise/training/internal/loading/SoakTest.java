package io.github.pixelwise.training.internal.loading;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.LabelMap;
import io.github.pixelwise.Palette;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.evaluation.dataset.Dataset;
import io.github.pixelwise.evaluation.dataset.Sample;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.SizeRule;
import io.github.pixelwise.training.augment.Augmentation;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Memory over many photographs; runs with {@code -Psoak}, which sets a heap of 256 MB. */
@Tag("soak")
class SoakTest {
  private static final int IMAGES = 1_000;

  /** A photograph of 12 megapixels, made anew whenever it is asked for: 48 MB with its mask. */
  private record Large(String name) implements Sample {
    @Override
    public RgbImage photograph() {
      return RgbImage.of(4000, 3000, new byte[4000 * 3000 * 3]);
    }

    @Override
    public CategoryMask truth() {
      return CategoryMask.of(4000, 3000, new byte[4000 * 3000]);
    }
  }

  @Test
  void loadsLargePhotographsInLittleMemory() throws Exception {
    Dataset dataset =
        Dataset.of(
            "large",
            LabelMap.voc(),
            Palette.voc(),
            IntStream.range(0, IMAGES).mapToObj(i -> new Large("photo" + i)).toList());
    Augmentation augmentation =
        Augmentation.builder()
            .scale(0.5, 2)
            .rotation(10, 0.5)
            .crop(320, 320)
            .hue(-0.1, 0.1)
            .blur(0.5, 2, 0.5)
            .build();
    InputSpec input = InputSpec.builder("input", SizeRule.fixed(320, 320)).imageNet().build();
    Sampling sampling = Sampling.shuffled(IMAGES, 4, 1);

    int loaded = 0;
    try (BatchLoader loader =
        new BatchLoader(
            SampleLoader.of(dataset, augmentation, "net", input, 1), sampling, 2, 0, 0, 1)) {
      for (int batch = 0; batch < sampling.batches(); batch++) {
        List<String> names = loader.next().names();
        loaded += names.size();
      }
    }

    assertThat(loaded).isEqualTo(IMAGES);
  }
}
