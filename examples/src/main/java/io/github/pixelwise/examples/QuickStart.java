package io.github.pixelwise.examples;

import io.github.pixelwise.RgbImage;
import io.github.pixelwise.SegmentationResult;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.postprocess.ClassStatistics;
import io.github.pixelwise.postprocess.Coloring;
import java.io.IOException;
import java.nio.file.Path;

/** Lists the classes in a photo and draws an overlay. */
public final class QuickStart {
  private QuickStart() {}

  /**
   * Runs the example.
   *
   * @param args the photo, and the picture to write
   * @throws IOException if a file cannot be read or written
   */
  public static void main(String[] args) throws IOException {
    RgbImage photo = Images.read(Path.of(args[0]));
    try (Segmenter segmenter = Segmenter.open("deeplabv3plus-mobilenetv2-voc")) {
      SegmentationResult result = segmenter.segment(photo);
      for (ClassStatistics found : ClassStatistics.of(result.mask(), result.labels())) {
        System.out.printf("%s: %.1f %%%n", found.name(), 100 * found.share());
      }
      Images.write(Coloring.overlay(photo, result, 0.5), Path.of(args[1]));
    }
  }
}
