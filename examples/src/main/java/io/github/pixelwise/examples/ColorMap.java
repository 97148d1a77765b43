package io.github.pixelwise.examples;

import io.github.pixelwise.SegmentationResult;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.imaging.PalettePng;
import io.github.pixelwise.postprocess.Coloring;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Writes the mask of a photo twice: in colors, like {@code decode_segmap} in tutorials, and as a
 * palette PNG whose indices are the classes.
 */
public final class ColorMap {
  private ColorMap() {}

  /**
   * Runs the example.
   *
   * @param args the photo, the color map to write, and the palette PNG to write
   * @throws IOException if a file cannot be read or written
   */
  public static void main(String[] args) throws IOException {
    try (Segmenter segmenter = Segmenter.builder().open()) {
      SegmentationResult result = segmenter.segment(Images.read(Path.of(args[0])));
      Images.write(Coloring.colorize(result), Path.of(args[1]));
      PalettePng.write(result, Path.of(args[2]));
    }
  }
}
