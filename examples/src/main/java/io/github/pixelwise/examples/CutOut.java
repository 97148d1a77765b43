package io.github.pixelwise.examples;

import io.github.pixelwise.RgbImage;
import io.github.pixelwise.RgbaImage;
import io.github.pixelwise.SegmentationResult;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.postprocess.Compositing;
import java.io.IOException;
import java.nio.file.Path;

/** Prints what is in a photo, and cuts out the people. */
public final class CutOut {
  private CutOut() {}

  /**
   * Runs the example.
   *
   * @param args the photo, and the PNG file to write
   * @throws IOException if a file cannot be read or written
   */
  public static void main(String[] args) throws IOException {
    RgbImage photo = Images.read(Path.of(args[0]));
    try (Segmenter segmenter = Segmenter.open()) {
      SegmentationResult result = segmenter.segment(photo);
      result.shares().forEach((name, share) -> System.out.printf("%s: %.2f%n", name, share));
      if (result.contains("person")) {
        RgbaImage people = Compositing.cutout(photo, result, "person").trim();
        Images.write(people, Path.of(args[1]));
      }
    }
  }
}
