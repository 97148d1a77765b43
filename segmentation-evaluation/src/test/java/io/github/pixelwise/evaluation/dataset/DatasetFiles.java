package io.github.pixelwise.evaluation.dataset;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.Palette;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.imaging.PalettePng;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes the files of small data sets. */
final class DatasetFiles {
  private final Path folder;

  DatasetFiles(Path folder) {
    this.folder = folder;
  }

  Path path(String name) throws IOException {
    Path path = folder.resolve(name);
    Files.createDirectories(path.getParent());
    return path;
  }

  Path text(String name, String... lines) throws IOException {
    return Files.writeString(path(name), String.join("\n", lines) + "\n");
  }

  void photograph(String name, int width, int height) throws IOException {
    Images.write(RgbImage.of(width, height, new byte[3 * width * height]), path(name));
  }

  void mask(String name, int width, int height, int... values) throws IOException {
    PalettePng.write(CategoryMask.copyOf(width, height, values), Palette.voc(), path(name));
  }

  void colors(String name, int width, int height, int... colors) throws IOException {
    byte[] rgb = new byte[3 * colors.length];
    for (int i = 0; i < colors.length; i++) {
      rgb[3 * i] = (byte) (colors[i] >> 16);
      rgb[3 * i + 1] = (byte) (colors[i] >> 8);
      rgb[3 * i + 2] = (byte) colors[i];
    }
    Images.write(RgbImage.of(width, height, rgb), path(name));
  }

  /** Reads the data set that these lines describe. */
  Dataset dataset(String... lines) throws IOException {
    return Dataset.read(text("my.dataset.properties", lines));
  }

  /** The true mask of a data set's only sample. */
  static int[] truth(Dataset dataset) throws IOException {
    return dataset.samples().get(0).truth().toIntArray();
  }
}
