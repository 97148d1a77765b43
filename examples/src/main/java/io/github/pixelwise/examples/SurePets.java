package io.github.pixelwise.examples;

import io.github.pixelwise.Relabeling;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.SegmentationOptions;
import io.github.pixelwise.SegmentationResult;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.Thresholds;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.postprocess.Coloring;
import io.github.pixelwise.postprocess.Regions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Merges classes, drops low-confidence pixels, and removes specks. */
public final class SurePets {
  private SurePets() {}

  /**
   * Runs the example.
   *
   * @param args the photo, and the overlay to write
   * @throws IOException if a file cannot be read or written
   */
  public static void main(String[] args) throws IOException {
    RgbImage photo = Images.read(Path.of(args[0]));
    try (Segmenter segmenter = Segmenter.builder().open()) {
      Relabeling pets =
          Relabeling.of(segmenter.model().labels(), Map.of("cat", "pet", "dog", "pet"));
      SegmentationOptions options =
          SegmentationOptions.MASK_ONLY
              .withRelabeling(pets)
              .withThresholds(Thresholds.of("pet", 0.8).otherwise("background"));
      SegmentationResult result = segmenter.segment(photo, options);
      SegmentationResult clean =
          result.withMask(Regions.dropSmall(result.mask(), result.labels(), 400));
      RgbImage overlay = Coloring.overlay(photo, clean, 0.4);
      Images.write(Coloring.outline(overlay, clean, 3), Path.of(args[1]));
    }
  }
}
