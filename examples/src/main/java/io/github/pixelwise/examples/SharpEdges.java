package io.github.pixelwise.examples;

import io.github.pixelwise.RgbImage;
import io.github.pixelwise.SegmentationOptions;
import io.github.pixelwise.SegmentationResult;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.postprocess.Coloring;
import java.io.IOException;
import java.nio.file.Path;

/** Lets the edges of a mask follow those of the photo. */
public final class SharpEdges {
  private SharpEdges() {}

  /**
   * Runs the example.
   *
   * @param args the photo, and the overlay to write
   * @throws IOException if a file cannot be read or written
   */
  public static void main(String[] args) throws IOException {
    RgbImage photo = Images.read(Path.of(args[0]));
    try (Segmenter segmenter = Segmenter.open()) {
      SegmentationOptions options = SegmentationOptions.MASK_ONLY.withSharpening();
      SegmentationResult result = segmenter.segment(photo, options);
      Images.write(Coloring.overlay(photo, result, 0.4), Path.of(args[1]));
    }
  }
}
