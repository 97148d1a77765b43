package io.github.pixelwise.evaluation.dataset;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.imaging.MaskFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** The shapes that people drew on one photograph, to be painted over each other. */
final class Shapes {
  private record Shape(Runs runs, int category) {}

  private final int width;
  private final int height;
  private final List<Shape> shapes = new ArrayList<>();

  /** Makes an empty image. */
  Shapes(Path file, long width, long height) throws IOException {
    if (width < 1 || height < 1 || width > MaskFile.MAX_PIXELS / height) {
      throw new IOException(
          "%s: expected an image of 1 to %d pixels, found %d x %d"
              .formatted(file, MaskFile.MAX_PIXELS, width, height));
    }
    this.width = (int) width;
    this.height = (int) height;
  }

  int width() {
    return width;
  }

  int height() {
    return height;
  }

  /** Puts a shape above those that are there. */
  void add(Runs runs, int category) {
    shapes.add(new Shape(runs, category));
  }

  /** Puts a shape below those that are there. */
  void addBelow(Runs runs, int category) {
    shapes.add(0, new Shape(runs, category));
  }

  /** Puts smaller shapes above larger ones; of one size, later above earlier. */
  void sortByArea() {
    shapes.sort(Comparator.comparingLong((Shape shape) -> shape.runs.area()).reversed());
  }

  /** Paints all on a background of one class. */
  CategoryMask paint(int background) {
    int[] pixels = new int[width * height];
    Arrays.fill(pixels, background);
    shapes.forEach(shape -> shape.runs.paint(pixels, width, shape.category));
    return CategoryMask.copyOf(width, height, pixels);
  }
}
