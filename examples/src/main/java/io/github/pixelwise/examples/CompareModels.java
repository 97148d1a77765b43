package io.github.pixelwise.examples;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.SegmentationResult;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.imaging.Images;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Compares models on one engine: how long each takes, in turn with the others, and how many pixels
 * have the same class as in the first model. {@code docs/models.md} has results.
 */
public final class CompareModels {
  private CompareModels() {}

  /**
   * Runs the comparison and prints a line for each model.
   *
   * @param args the backend, the number of rounds, the photo, and the models' cards
   * @throws IOException if a file cannot be read
   */
  public static void main(String[] args) throws IOException {
    int rounds = Integer.parseInt(args[1]);
    RgbImage photo = Images.read(Path.of(args[2]));
    List<Segmenter> segmenters = new ArrayList<>();
    try {
      for (int i = 3; i < args.length; i++) {
        segmenters.add(Segmenter.builder().model(Path.of(args[i])).backend(args[0]).open());
      }
      double[][] inference = new double[segmenters.size()][rounds];
      double[][] whole = new double[segmenters.size()][rounds];
      List<CategoryMask> masks = new ArrayList<>();
      segmenters.forEach(segmenter -> masks.add(segmenter.segment(photo).mask()));
      for (int round = 0; round < rounds; round++) {
        for (int i = 0; i < segmenters.size(); i++) {
          // Back and forth, so that no model always runs after the same one.
          int model = round % 2 == 0 ? i : segmenters.size() - 1 - i;
          long start = System.nanoTime();
          SegmentationResult result = segmenters.get(model).segment(photo);
          whole[model][round] = (System.nanoTime() - start) / 1e6;
          inference[model][round] = millis(result.timings().inference());
        }
      }
      for (int i = 0; i < segmenters.size(); i++) {
        System.out.printf(
            Locale.ROOT,
            "%s, %s: inference %s ms, whole %s ms (minimum / median); %.3f %% of pixels as the"
                + " first%n",
            args[3 + i],
            segmenters.get(i).runtime(),
            summary(inference[i]),
            summary(whole[i]),
            100 * same(masks.get(0), masks.get(i)));
      }
    } finally {
      segmenters.forEach(Segmenter::close);
    }
  }

  private static double millis(Duration duration) {
    return duration.toNanos() / 1e6;
  }

  private static String summary(double[] times) {
    double[] sorted = times.clone();
    Arrays.sort(sorted);
    return String.format(Locale.ROOT, "%.0f / %.0f", sorted[0], sorted[sorted.length / 2]);
  }

  private static double same(CategoryMask first, CategoryMask other) {
    long same = 0;
    for (int y = 0; y < first.height(); y++) {
      for (int x = 0; x < first.width(); x++) {
        same += first.category(x, y) == other.category(x, y) ? 1 : 0;
      }
    }
    return same / ((double) first.width() * first.height());
  }
}
