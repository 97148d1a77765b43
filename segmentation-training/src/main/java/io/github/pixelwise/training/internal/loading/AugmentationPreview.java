package io.github.pixelwise.training.internal.loading;

import io.github.pixelwise.Palette;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.postprocess.Coloring;
import io.github.pixelwise.postprocess.Panels;
import io.github.pixelwise.training.augment.AugmentedSample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Pictures of what a network will see. */
public final class AugmentationPreview {
  private static final double OPACITY = 0.5;

  private AugmentationPreview() {}

  /**
   * Writes the first samples of a run: each augmented photograph, beside it the same with its mask
   * tinted over it. Classes whose color is black are not tinted.
   *
   * @param loader augments the samples
   * @param sampling their order
   * @param count how many, at least 1
   * @param folder where the PNG files go; it is created
   * @return the files
   * @throws IOException if a sample cannot be read, or a file not written
   */
  public static List<Path> write(SampleLoader loader, Sampling sampling, int count, Path folder)
      throws IOException {
    Files.createDirectories(folder);
    List<Path> files = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int batch = i / sampling.batchSize();
      Pick pick =
          sampling
              .batch(batch / sampling.batches(), batch % sampling.batches())
              .get(i % sampling.batchSize());
      String name = loader.dataset().samples().get(pick.sample()).name();
      Path file =
          folder.resolve(
              String.format(
                  Locale.ROOT, "%04d-%s.png", i + 1, name.replaceAll("[^\\p{L}\\p{N}._-]", "-")));
      Images.write(picture(loader.augmented(pick), loader.dataset().palette()), file);
      files.add(file);
    }
    return files;
  }

  private static RgbImage picture(AugmentedSample sample, Palette palette) {
    RgbImage tinted =
        Coloring.overlay(
            sample.photo(),
            sample.mask(),
            palette,
            OPACITY,
            category -> palette.rgb(category) != 0);
    return Panels.grid(Stream.of(sample.photo(), tinted), 2, sample.photo().width());
  }
}
