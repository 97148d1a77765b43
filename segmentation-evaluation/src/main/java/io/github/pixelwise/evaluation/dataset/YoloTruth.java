package io.github.pixelwise.evaluation.dataset;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.imaging.Picture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A text file of YOLO: on each line a class and a polygon, in shares of the photograph's sides.
 * Smaller shapes lie above larger ones. Without the file there is no object in the photograph.
 *
 * @param file the file
 * @param photograph the photograph, which has the size
 * @param classes the class of each of the file's
 * @param background the class of pixels in no shape
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record YoloTruth(Path file, Path photograph, int[] classes, int background) implements Truth {
  @Override
  public CategoryMask read() throws IOException {
    Picture.Size size = Images.readSize(photograph);
    Shapes shapes = new Shapes(photograph, size.width(), size.height());
    String[] lines =
        Files.notExists(file) ? new String[0] : DatasetKeys.text(file).split("\\R", -1);
    for (int i = 0; i < lines.length; i++) {
      if (lines[i].isBlank()) {
        continue;
      }
      try {
        add(shapes, lines[i].strip().split("\\s+", -1));
      } catch (IllegalArgumentException e) {
        throw new IOException("%s, line %d: the line %s".formatted(file, i + 1, e.getMessage()), e);
      }
    }
    shapes.sortByArea();
    return shapes.paint(background);
  }

  private void add(Shapes shapes, String[] words) {
    if (!words[0].matches("\\d{1,5}")) {
      throw new IllegalArgumentException(
          "begins with \"%s\", not with the number of a class".formatted(words[0]));
    }
    int number = Integer.parseInt(words[0]);
    int category = number < classes.length ? classes[number] : ClassRules.UNKNOWN;
    if (category == ClassRules.UNKNOWN) {
      throw new IllegalArgumentException(
          "has the class %d, which no label has. Map it to one (values), or make it void (ignore)."
              .formatted(number));
    }
    if (words.length == 5) {
      throw new IllegalArgumentException(
          "has a box, not a polygon: a box says nothing of single pixels");
    }
    double[] points = new double[words.length - 1];
    for (int i = 0; i < points.length; i++) {
      points[i] = coordinate(words[i + 1]) * (i % 2 == 0 ? shapes.width() : shapes.height());
    }
    shapes.add(Runs.polygon(points, shapes.width(), shapes.height()), category);
  }

  private static double coordinate(String word) {
    double coordinate;
    try {
      coordinate = Double.parseDouble(word);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("has \"%s\", which is no number".formatted(word), e);
    }
    if (!(coordinate >= -1 && coordinate <= 2)) {
      throw new IllegalArgumentException(
          "has the coordinate %s; they are shares of the photograph's sides, 0 to 1"
              .formatted(word));
    }
    return coordinate;
  }
}
