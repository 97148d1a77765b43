package io.github.pixelwise.examples;

import io.github.pixelwise.AlphaMask;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.SegmentationOptions;
import io.github.pixelwise.SegmentationResult;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.postprocess.Alpha;
import io.github.pixelwise.postprocess.Compositing;
import io.github.pixelwise.postprocess.Foreground;
import java.io.IOException;
import java.nio.file.Path;

/** Cuts out a class with its own soft edge, refined by the photo's colors. */
public final class SoftCutOut {
  private SoftCutOut() {}

  /**
   * Runs the example.
   *
   * @param args the photo, the class, and the PNG file to write
   * @throws IOException if a file cannot be read or written
   */
  public static void main(String[] args) throws IOException {
    RgbImage photo = Images.read(Path.of(args[0]));
    try (Segmenter segmenter = Segmenter.open()) {
      SegmentationResult result =
          segmenter.segment(photo, SegmentationOptions.MASK_ONLY.withScores());
      AlphaMask soft = Alpha.ofProbability(result.scores().orElseThrow(), result.labels(), args[1]);
      AlphaMask refined = Alpha.refine(photo, soft);
      RgbImage foreground = Foreground.estimate(photo, refined);
      Images.write(Compositing.cutout(foreground, refined), Path.of(args[2]));
    }
  }
}
