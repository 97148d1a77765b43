package io.github.pixelwise.quantization;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.LabelMap;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.evaluation.ConfusionMatrix;
import io.github.pixelwise.evaluation.EmptyClasses;
import io.github.pixelwise.evaluation.SegmentationMetrics;
import io.github.pixelwise.imaging.Images;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Compares the masks of two models. */
final class MaskComparison {
  private MaskComparison() {}

  static Agreement of(Segmenter before, Segmenter after, Photos photos) throws IOException {
    LabelMap labels = before.model().labels();
    ConfusionMatrix matrix = ConfusionMatrix.of(labels);
    long same = 0;
    long all = 0;
    double worst = 1;
    for (Path photo : photos.check()) {
      if (Thread.currentThread().isInterrupted()) {
        throw new InterruptedIOException("the quantization was interrupted");
      }
      RgbImage image = Images.read(photo);
      CategoryMask expected = before.segment(image).mask();
      CategoryMask found = after.segment(image).mask();
      matrix.add(expected, found);
      long pixels = (long) image.width() * image.height();
      long kept = same(expected, found);
      same += kept;
      all += pixels;
      worst = Math.min(worst, (double) kept / pixels);
    }
    SegmentationMetrics metrics = matrix.metrics(EmptyClasses.SKIP);
    List<Agreement.ClassIou> classes = new ArrayList<>();
    for (int c = 0; c < labels.size(); c++) {
      if (!Double.isNaN(metrics.iou(c))) {
        classes.add(new Agreement.ClassIou(labels.name(c), metrics.iou(c), matrix.truth(c)));
      }
    }
    return new Agreement(
        photos.check().size(),
        photos.areHeldOut(),
        (double) same / all,
        worst,
        metrics.meanIou(),
        classes);
  }

  private static long same(CategoryMask a, CategoryMask b) {
    int[] rowA = new int[a.width()];
    int[] rowB = new int[a.width()];
    long same = 0;
    for (int y = 0; y < a.height(); y++) {
      a.copyRow(y, rowA, 0);
      b.copyRow(y, rowB, 0);
      for (int x = 0; x < rowA.length; x++) {
        if (rowA[x] == rowB[x]) {
          same++;
        }
      }
    }
    return same;
  }
}
