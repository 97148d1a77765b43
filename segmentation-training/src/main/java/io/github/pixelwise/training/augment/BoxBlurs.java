package io.github.pixelwise.training.augment;

/**
 * Blurs in place, with exactly the same result as Pillow's {@code ImageFilter.GaussianBlur}: three
 * box blurs in each direction, whose boxes end in fractions of a pixel (Gwosdek et al., Theoretical
 * Foundations of Gaussian Convolution by Extended Box Filtering, 2011).
 */
final class BoxBlurs {
  private static final int PASSES = 3;

  /** Weights are in fixed point of 24 bits. */
  private static final int ONE = 1 << 24;

  private final int radius;

  /** The weight of a whole pixel, and of the two at the ends. */
  private final int whole;

  private final int end;

  private BoxBlurs(float length) {
    radius = (int) length;
    whole = (int) (ONE / (length * 2 + 1));
    end = (ONE - (radius * 2 + 1) * whole) >>> 1;
  }

  /** Blurs samples R, G, B with a Gaussian of this standard deviation in pixels. */
  static void blur(byte[] rgb, int width, int height, double sigma) {
    float length = boxRadius((float) sigma);
    if (length == 0) {
      return;
    }
    BoxBlurs boxes = new BoxBlurs(length);
    int[][] lines = new int[2][Math.max(width, height)];
    for (int start = 0; start < rgb.length; start += width * 3) {
      for (int channel = 0; channel < 3; channel++) {
        boxes.blurLine(rgb, start + channel, 3, width, lines);
      }
    }
    for (int start = 0; start < width * 3; start++) {
      boxes.blurLine(rgb, start, width * 3, height, lines);
    }
  }

  /** The radius of a box, equations 7, 11 and 14; Pillow computes in floats. */
  private static float boxRadius(float sigma) {
    float variance = sigma * sigma / PASSES;
    float length = (float) Math.sqrt(12.0 * variance + 1.0);
    float whole = (float) Math.floor((length - 1.0) / 2.0);
    float fraction = (2 * whole + 1) * (whole * (whole + 1) - 3 * variance);
    fraction /= 6 * (variance - (whole + 1) * (whole + 1));
    return whole + fraction;
  }

  private void blurLine(byte[] samples, int start, int step, int length, int[][] lines) {
    int[] line = lines[0];
    int[] blurred = lines[1];
    for (int i = 0; i < length; i++) {
      line[i] = samples[start + i * step] & 0xff;
    }
    for (int pass = 0; pass < PASSES; pass++) {
      blur(line, blurred, length - 1);
      int[] previous = line;
      line = blurred;
      blurred = previous;
    }
    for (int i = 0; i < length; i++) {
      samples[start + i * step] = (byte) line[i];
    }
  }

  /** Pixels beyond an end of the line are as the last one. */
  private void blur(int[] line, int[] blurred, int last) {
    int sum = line[0] * (radius + 1);
    for (int i = 0; i < radius; i++) {
      sum += line[Math.min(i, last)];
    }
    for (int i = 0; i <= last; i++) {
      int before = line[Math.max(0, i - radius - 1)];
      sum += line[Math.min(last, i + radius)] - before;
      int weighted = sum * whole + (before + line[Math.min(last, i + radius + 1)]) * end;
      blurred[i] = (weighted + ONE / 2) >>> 24;
    }
  }
}
