package io.github.pixelwise.benchmarks;

import io.github.pixelwise.AlphaMask;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.RgbaImage;
import io.github.pixelwise.SegmentationResult;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.imaging.PalettePng;
import io.github.pixelwise.postprocess.Alpha;
import io.github.pixelwise.postprocess.Coloring;
import io.github.pixelwise.postprocess.Compositing;
import java.io.IOException;
import java.nio.file.Path;

/** Pixelwise, used as in its README. */
final class PixelwisePipeline implements Pipeline {
  /** Owned; closed by {@link #close}. */
  private final Segmenter segmenter;

  PixelwisePipeline(Segmenter segmenter) {
    this.segmenter = segmenter;
  }

  @Override
  public String description() {
    return segmenter.runtime().version();
  }

  @Override
  public Times run(Files files) throws IOException {
    long start = System.nanoTime();
    RgbImage photo = Images.read(files.photo());
    long read = System.nanoTime();
    SegmentationResult result = segmenter.segment(photo);
    long segmented = System.nanoTime();
    RgbImage overlay = Coloring.overlay(photo, result, 0.5);
    long colored = System.nanoTime();
    AlphaMask hard = Alpha.foreground(result.mask(), result.labels());
    AlphaMask soft = Alpha.feather(hard, Scene.BLUR);
    RgbaImage cutout = Compositing.cutout(photo, soft);
    long composed = System.nanoTime();
    Images.write(overlay, files.overlay());
    Images.write(cutout, files.cutout());
    long written = System.nanoTime();
    if (!files.mask().isEmpty()) {
      PalettePng.write(result, Path.of(files.mask()));
    }
    // The three stages take all the time of segment() except a few microseconds.
    long prepared = read + result.timings().preprocessing().toNanos();
    long inferred = prepared + result.timings().inference().toNanos();
    return Times.between(start, read, prepared, inferred, segmented, colored, composed, written);
  }

  @Override
  public void close() {
    segmenter.close();
  }
}
