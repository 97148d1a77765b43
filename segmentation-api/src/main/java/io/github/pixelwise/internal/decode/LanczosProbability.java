package io.github.pixelwise.internal.decode;

import io.github.pixelwise.AlphaMask;
import io.github.pixelwise.Parallelism;
import io.github.pixelwise.ScoreMap;
import io.github.pixelwise.internal.resample.GrayResampler;
import io.github.pixelwise.internal.util.Sizes;
import io.github.pixelwise.model.ImageGeometry;
import io.github.pixelwise.model.Interpolation;
import java.util.Arrays;
import java.util.BitSet;

/**
 * Enlarges the probabilities of a binary output as rembg does: rounded down to steps of 1/255 on
 * the network's grid, then resized like an 8-bit gray image.
 */
final class LanczosProbability {
  private LanczosProbability() {}

  static boolean isFor(ScoreMap scores) {
    return scores.spec().interpolation() == Interpolation.LANCZOS;
  }

  /**
   * Returns the probability of class 1 at the source's size, in steps of 1/255.
   *
   * @throws IllegalArgumentException if the source is not stretched over the whole input
   */
  static AlphaMask of(ScoreMap scores, Parallelism parallelism) {
    ImageGeometry geometry = scores.geometry();
    ImageGeometry stretched =
        ImageGeometry.stretched(
            geometry.sourceWidth(),
            geometry.sourceHeight(),
            geometry.inputWidth(),
            geometry.inputHeight());
    if (!geometry.equals(stretched)) {
      throw new IllegalArgumentException(
          ("output \"%s\" is enlarged by Lanczos, which needs an image that is stretched over the "
                  + "whole input, found %s. Use bilinear interpolation (output.interpolation on a card).")
              .formatted(scores.spec().name(), geometry));
    }
    float[] row = new float[scores.width()];
    byte[] steps = new byte[Sizes.samples(scores.width(), scores.height(), 1)];
    for (int y = 0, i = 0; y < scores.height(); y++) {
      scores.copyRow(0, y, row, 0);
      for (int x = 0; x < row.length; x++, i++) {
        steps[i] = (byte) (int) (Math.max(0, Math.min(1, row[x])) * 255);
      }
    }
    return GrayResampler.resize(
        AlphaMask.of(scores.width(), scores.height(), steps),
        geometry.sourceWidth(),
        geometry.sourceHeight(),
        Interpolation.LANCZOS,
        parallelism);
  }

  /** Returns the probability of some of the two classes together. */
  static AlphaMask of(ScoreMap scores, BitSet wanted) {
    AlphaMask first = of(scores, Parallelism.common());
    if (wanted.get(1) && !wanted.get(0)) {
      return first;
    }
    byte[] steps = first.toByteArray();
    if (wanted.get(0) && !wanted.get(1)) {
      for (int i = 0; i < steps.length; i++) {
        steps[i] = (byte) ~steps[i];
      }
    } else {
      Arrays.fill(steps, (byte) (wanted.get(0) ? 255 : 0));
    }
    return AlphaMask.of(first.width(), first.height(), steps);
  }

  /** Hands over the probabilities of both classes, row by row. */
  static void ofBoth(ScoreMap scores, ScoreMap.ConfidenceRows rows) {
    AlphaMask first = of(scores, Parallelism.common());
    byte[][] confidences = new byte[2][first.width()];
    for (int y = 0; y < first.height(); y++) {
      first.copyRow(y, confidences[1], 0);
      for (int x = 0; x < first.width(); x++) {
        confidences[0][x] = (byte) ~confidences[1][x];
      }
      rows.take(y, confidences);
    }
  }
}
