package io.github.pixelwise.examples;

import io.github.pixelwise.RgbImage;
import io.github.pixelwise.SegmentationResult;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.postprocess.Coloring;
import io.github.pixelwise.zoo.Zoo;
import java.io.IOException;
import java.nio.file.Path;

/** Runs a published model. The first run downloads 245 MB. */
public final class PublishedModel {
  private PublishedModel() {}

  /**
   * Runs the example.
   *
   * @param args the photo, and the overlay to write
   * @throws IOException if the model cannot be fetched, or a file cannot be read or written
   */
  public static void main(String[] args) throws IOException {
    RgbImage photo = Images.read(Path.of(args[0]));
    try (Segmenter segmenter = Segmenter.builder().model(Zoo.fetch("deeplabv3-resnet101")).open()) {
      SegmentationResult result = segmenter.segment(photo);
      Images.write(Coloring.overlay(photo, result, 0.5), Path.of(args[1]));
    }
  }
}
