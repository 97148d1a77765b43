package io.github.pixelwise.training.internal.loading;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.pixelwise.Palette;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.internal.file.AtomicFile;
import io.github.pixelwise.postprocess.Coloring;
import io.github.pixelwise.postprocess.Panels;
import io.github.pixelwise.training.augment.AugmentedSample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Pictures of what a network will see. */
public final class AugmentationPreview {
  private static final double OPACITY = 0.5;

  /** The file that names the pictures of the last preview, which the next one deletes. */
  private static final String LIST = ".pictures";

  private static final Pattern PICTURE = Pattern.compile("\\d{4,}-[\\p{L}\\p{N}._-]*\\.png");

  private AugmentationPreview() {}

  /**
   * Writes the first samples of a run: each augmented photograph, beside it the same with its mask
   * tinted over it. Classes whose color is black are not tinted. Pictures that an earlier preview
   * wrote there are deleted, and no other files.
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
    List<Pick> picks = IntStream.range(0, count).mapToObj(i -> pick(sampling, i)).toList();
    List<String> names = IntStream.range(0, count).mapToObj(i -> name(loader, picks, i)).toList();
    deletePictures(folder);
    AtomicFile.write(
        folder.resolve(LIST), out -> out.write(String.join("\n", names).getBytes(UTF_8)));
    List<Path> files = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Path file = folder.resolve(names.get(i));
      Images.write(picture(loader.augmented(picks.get(i)), loader.dataset().palette()), file);
      files.add(file);
    }
    return files;
  }

  private static Pick pick(Sampling sampling, int place) {
    int batch = place / sampling.batchSize();
    return sampling
        .batch(batch / sampling.batches(), batch % sampling.batches())
        .get(place % sampling.batchSize());
  }

  private static String name(SampleLoader loader, List<Pick> picks, int place) {
    String sample = loader.dataset().samples().get(picks.get(place).sample()).name();
    return String.format(
        Locale.ROOT, "%04d-%s.png", place + 1, sample.replaceAll("[^\\p{L}\\p{N}._-]", "-"));
  }

  private static void deletePictures(Path folder) throws IOException {
    Path list = folder.resolve(LIST);
    if (Files.exists(list)) {
      for (String name : Files.readAllLines(list)) {
        if (PICTURE.matcher(name).matches()) {
          Files.deleteIfExists(folder.resolve(name));
        }
      }
    }
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
