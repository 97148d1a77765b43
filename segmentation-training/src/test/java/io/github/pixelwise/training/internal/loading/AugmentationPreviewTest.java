package io.github.pixelwise.training.internal.loading;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pixelwise.RgbImage;
import io.github.pixelwise.evaluation.dataset.Dataset;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.SizeRule;
import io.github.pixelwise.training.augment.Augmentation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AugmentationPreviewTest {
  @Test
  void writesTheFirstSamplesOfARunBesideTheirMasks(@TempDir Path folder) throws Exception {
    Dataset dataset = Samples.dataset(List.of(new Samples(20, 15).sample("street/a b", 1, 255)));
    SampleLoader loader = loader(dataset);
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

  private static SampleLoader loader(Dataset dataset) {
    return SampleLoader.of(
        dataset,
        Augmentation.builder().crop(24, 16).flip(0.5).build(),
        "net",
        InputSpec.builder("input", SizeRule.fixed(8, 8)).build(),
        1);
  }

  @Test
  void deletesItsOwnPicturesOfBeforeAndNoOtherFiles(@TempDir Path folder) throws Exception {
    Dataset first = Samples.dataset(List.of(new Samples(20, 15).sample("old", 1, 255)));
    Dataset second = Samples.dataset(List.of(new Samples(20, 15).sample("new", 1, 255)));
    Files.writeString(folder.resolve("0007-mine.png"), "not from a preview");
    AugmentationPreview.write(loader(first), Sampling.shuffled(1, 1, 1), 2, folder);

    AugmentationPreview.write(loader(second), Sampling.shuffled(1, 1, 1), 1, folder);

    assertThat(folder.toFile().list((in, name) -> name.endsWith(".png")))
        .containsExactlyInAnyOrder("0001-new.png", "0007-mine.png");
  }

  @Test
  void deletesNothingOutsideItsFolder(@TempDir Path temp) throws Exception {
    Path outside = Files.writeString(temp.resolve("0001-a.png"), "");
    Path folder = Files.createDirectory(temp.resolve("preview"));
    Files.writeString(folder.resolve(".pictures"), "../0001-a.png\n" + outside);
    Dataset dataset = Samples.dataset(List.of(new Samples(20, 15).sample("a", 1, 255)));

    AugmentationPreview.write(loader(dataset), Sampling.shuffled(1, 1, 1), 1, folder);

    assertThat(outside).exists();
  }
}
