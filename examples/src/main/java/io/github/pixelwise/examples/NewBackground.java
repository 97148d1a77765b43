package io.github.pixelwise.examples;

import io.github.pixelwise.AlphaMask;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.SegmentationResult;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.postprocess.Alpha;
import io.github.pixelwise.postprocess.Compositing;
import io.github.pixelwise.postprocess.Foreground;
import io.github.pixelwise.postprocess.GaussianBlur;
import java.io.IOException;
import java.nio.file.Path;

/** Cuts people out of a photo with soft edges, and puts them on a new background. */
public final class NewBackground {
  private NewBackground() {}

  /**
   * Runs the example.
   *
   * @param args the photo, the new background, the picture to write, and the cutout to write
   * @throws IOException if a file cannot be read or written
   */
  public static void main(String[] args) throws IOException {
    RgbImage photo = Images.read(Path.of(args[0]));
    RgbImage background = Images.read(Path.of(args[1]));
    try (Segmenter segmenter = Segmenter.builder().open()) {
      SegmentationResult result = segmenter.segment(photo);
      AlphaMask people = Alpha.ofClasses(result.mask(), result.labels(), "person");
      AlphaMask soft = Alpha.feather(people, GaussianBlur.ofKernelSize(7));
      RgbImage foreground = Foreground.estimate(photo, soft);
      Images.write(Compositing.over(foreground, soft, background), Path.of(args[2]));
      Images.write(Compositing.cutout(foreground, soft), Path.of(args[3]));
    }
  }
}
