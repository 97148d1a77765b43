package io.github.pixelwise.training.internal.loading;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pixelwise.RgbImage;
import io.github.pixelwise.evaluation.dataset.Dataset;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.SizeRule;
import io.github.pixelwise.training.augment.Augmentation;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AugmentationPreviewTest {
  @Test
  void writesTheFirstSamplesOfARunBesideTheirMasks(@TempDir Path folder) throws Exception {
    Dataset dataset = Samples.dataset(List.of(new Samples(20, 15).sample("street/a b", 1, 255)));
    SampleLoader loader =
        SampleLoader.of(
            dataset,
            Augmentation.builder().crop(24, 16).flip(0.5).build(),
            "net",
            InputSpec.builder("input", SizeRule.fixed(8, 8)).build(),
            1);
    Sampling sampling = Sampling.shuffled(1, 1, 1);

    List<Path> files = AugmentationPreview.write(loader, sampling, 2, folder.resolve("preview"));

    assertThat(files.stream().map(file -> file.getFileName().toString()))
        .containsExactly("0001-street-a-b.png", "0002-street-a-b.png");
    RgbImage picture = Images.read(files.get(1));
    assertThat(picture.height()).isEqualTo(16);
    assertThat(picture.crop(0, 0, 24, 16))
        .isEqualTo(loader.augmented(sampling.batch(1, 0).get(0)).photo());
    assertThat(picture.crop(picture.width() - 24, 0, 24, 16))
        .isNotEqualTo(picture.crop(0, 0, 24, 16));
  }
}
