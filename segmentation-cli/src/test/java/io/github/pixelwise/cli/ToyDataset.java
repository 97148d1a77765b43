package io.github.pixelwise.cli;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.Palette;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.imaging.PalettePng;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Photos of the toy model's size, 64 x 48, whose left part is red and whose right part is green,
 * with their masks in two more folders.
 */
final class ToyDataset {
  static final Path MODEL =
      Path.of("src/test/resources/io/github/pixelwise/cli/toy/toy.properties");
  private static final int WIDTH = 64;
  private static final int HEIGHT = 48;

  private final Path folder;

  ToyDataset(Path folder) throws IOException {
    this.folder = folder;
    Files.createDirectories(images());
    Files.createDirectories(masks());
    Files.createDirectories(predictions());
  }

  Path images() {
    return folder.resolve("photos");
  }

  Path masks() {
    return folder.resolve("truth");
  }

  Path predictions() {
    return folder.resolve("predicted");
  }

  /**
   * Adds a photo.
   *
   * @param predicted how many of its 64 columns are red, and predicted as such
   * @param truth how many are so in the true mask
   */
  ToyDataset add(String name, int predicted, int truth) throws IOException {
    byte[] rgb = new byte[3 * WIDTH * HEIGHT];
    for (int i = 0; i < WIDTH * HEIGHT; i++) {
      rgb[3 * i + (i % WIDTH < predicted ? 0 : 1)] = (byte) 200;
    }
    Images.write(RgbImage.of(WIDTH, HEIGHT, rgb), images().resolve(name + ".png"));
    mask(predictions(), name, WIDTH, predicted, 0, 1);
    mask(masks(), name, WIDTH, truth, 0, 1);
    return this;
  }

  /** Writes a mask of another width or other values. */
  static void mask(Path folder, String name, int width, int columns, int left, int right)
      throws IOException {
    int[] categories = new int[width * HEIGHT];
    Arrays.setAll(categories, i -> i % width < columns ? left : right);
    PalettePng.write(
        CategoryMask.copyOf(width, HEIGHT, categories),
        Palette.voc(),
        folder.resolve(name + ".png"));
  }

  /** Evaluates the toy model. */
  Run evaluate(Object... options) {
    return Run.of(
        with(
            new Object[] {"evaluate", "--images", images(), "--masks", masks(), "--model", MODEL},
            options));
  }

  static Object[] with(Object[] first, Object... more) {
    Object[] all = Arrays.copyOf(first, first.length + more.length);
    System.arraycopy(more, 0, all, first.length, more.length);
    return all;
  }
}
