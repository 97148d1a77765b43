package io.github.pixelwise.examples;

import io.github.pixelwise.RgbImage;
import io.github.pixelwise.SegmentationResult;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.awt.Images;
import io.github.pixelwise.postprocess.Coloring;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;

/**
 * Measures what the library adds to the network: pre-processing, decoding and overlay of one
 * photograph, enlarged to 1920 x 1280 and to 4000 x 3000. Run it with {@code -Xmx256m} to see that
 * the large one fits.
 */
public final class Overhead {
  private static final int RUNS = 60;
  private static final int WARM_UP = 30;

  private Overhead() {}

  /**
   * Runs the measurement and prints medians.
   *
   * @param args the photograph
   * @throws IOException if it cannot be read
   */
  public static void main(String[] args) throws IOException {
    RgbImage photo = Images.read(Path.of(args[0]));
    try (Segmenter segmenter = Segmenter.builder().open()) {
      System.out.printf("%s, heap %d MB%n", segmenter.runtime(), maxHeapMegabytes());
      measure(segmenter, enlarge(photo, 1920, 1280));
      measure(segmenter, enlarge(photo, 4000, 3000));
    }
  }

  private static long maxHeapMegabytes() {
    return Runtime.getRuntime().maxMemory() >> 20;
  }

  private static void measure(Segmenter segmenter, RgbImage photo) {
    double[][] millis = new double[4][RUNS];
    for (int run = 0; run < RUNS; run++) {
      SegmentationResult result = segmenter.segment(photo);
      long start = System.nanoTime();
      Coloring.overlay(photo, result.mask(), segmenter.model().palette(), 0.5);
      millis[0][run] = millis(result.timings().preprocessing());
      millis[1][run] = millis(result.timings().inference());
      millis[2][run] = millis(result.timings().decoding());
      millis[3][run] = millis(Duration.ofNanos(System.nanoTime() - start));
    }
    double[] medians = Arrays.stream(millis).mapToDouble(Overhead::median).toArray();
    System.out.printf(
        Locale.ROOT,
        "%d x %d: around inference %.1f ms (pre-processing %.1f, decoding %.1f, overlay %.1f);"
            + " inference %.1f ms%n",
        photo.width(),
        photo.height(),
        medians[0] + medians[2] + medians[3],
        medians[0],
        medians[2],
        medians[3],
        medians[1]);
  }

  private static double millis(Duration duration) {
    return duration.toNanos() / 1e6;
  }

  private static double median(double[] runs) {
    double[] warm = Arrays.stream(runs).skip(WARM_UP).sorted().toArray();
    return warm[warm.length / 2];
  }

  /** Enlarges a photograph to the nearest pixel. */
  private static RgbImage enlarge(RgbImage photo, int width, int height) {
    byte[] rgb = new byte[width * height * 3];
    for (int y = 0, i = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int color = photo.rgb(x * photo.width() / width, y * photo.height() / height);
        rgb[i++] = (byte) (color >> 16);
        rgb[i++] = (byte) (color >> 8);
        rgb[i++] = (byte) color;
      }
    }
    return RgbImage.of(width, height, rgb);
  }
}
