package io.github.pixelwise.examples;

import io.github.pixelwise.RgbImage;
import io.github.pixelwise.SegmentationResult;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.postprocess.Coloring;
import java.io.IOException;
import java.nio.file.Path;

/** Runs your own model with its card. */
public final class OwnModel {
  private OwnModel() {}

  /**
   * Runs the example.
   *
   * @param args the model's card, the photo, and the color map to write
   * @throws IOException if a file cannot be read or written
   */
  public static void main(String[] args) throws IOException {
    RgbImage photo = Images.read(Path.of(args[1]));
    try (Segmenter segmenter = Segmenter.builder().model(Path.of(args[0])).open()) {
      SegmentationResult result = segmenter.segment(photo);
      Images.write(Coloring.colorize(result), Path.of(args[2]));
    }
  }
}
