package io.github.pixelwise.examples;

import io.github.pixelwise.SegmentationResult;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.postprocess.shape.GeoJson;
import io.github.pixelwise.postprocess.shape.Georeference;
import io.github.pixelwise.postprocess.shape.Shape;
import io.github.pixelwise.postprocess.shape.Shapes;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Writes the shapes of cats as GeoJSON. */
public final class ShapesOfClasses {
  private ShapesOfClasses() {}

  /**
   * Runs the example.
   *
   * @param args the photo, and the GeoJSON file to write
   * @throws IOException if a file cannot be read or written
   */
  public static void main(String[] args) throws IOException {
    try (Segmenter segmenter = Segmenter.open();
        OutputStream out = Files.newOutputStream(Path.of(args[1]))) {
      SegmentationResult result = segmenter.segment(Images.read(Path.of(args[0])));
      Shapes shapes = Shapes.of(result.mask()).simplified(1).smoothed(2);
      List<Shape> cats =
          shapes.list().stream()
              .filter(shape -> result.labels().name(shape.category()).equals("cat"))
              .toList();
      for (Shape cat : cats) {
        System.out.printf("%.0f pixels around %s%n", cat.area(), cat.centroid());
      }
      GeoJson.write(cats, result.labels(), Georeference.PIXELS, out);
    }
  }
}
