package io.github.pixelwise.postprocess;

import io.github.pixelwise.AlphaMask;
import io.github.pixelwise.Parallelism;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.internal.guide.LinearModels;
import io.github.pixelwise.internal.util.Rows;

/**
 * Refines the uncertain pixels of an alpha mask by the colors of its picture: solves for alpha in a
 * small copy, and carries over to the picture how alpha depends on the colors there.
 */
final class Refinement {
  private final RgbImage image;
  private final Trimap small;
  private final LinearModels models;

  private Refinement(RgbImage image, Trimap small, LinearModels models) {
    this.image = image;
    this.small = small;
    this.models = models;
  }

  static AlphaMask refine(RgbImage image, AlphaMask alpha) {
    Trimap small = Trimap.of(image, alpha);
    ClosedForm.solve(small);
    LinearModels models =
        LinearModels.fit(small.photo, small.uncertain, small.alpha, Parallelism.common());
    return new Refinement(image, small, models).apply();
  }

  private AlphaMask apply() {
    int width = image.width();
    byte[] refined = new byte[width * image.height()];
    Rows.inParallel(
        image.height(),
        16,
        (from, to) -> {
          byte[] colors = new byte[width * 3];
          float[] coefficients = new float[4];
          for (int y = from; y < to; y++) {
            image.copyRow(y, colors, 0);
            for (int x = 0; x < width; x++) {
              int cell = small.photo.index(x / small.photo.scale(), y / small.photo.scale());
              refined[y * width + x] =
                  small.isUncertain(cell)
                      ? (byte) steps(x, y, colors, coefficients)
                      : (byte) (small.alpha[cell] > 0.5f ? 255 : 0);
            }
          }
        });
    return AlphaMask.of(width, image.height(), refined);
  }

  /** Evaluates the model at a pixel of the picture, interpolated between those of the small one. */
  private int steps(int x, int y, byte[] colors, float[] coefficients) {
    float column = (x + 0.5f) / small.photo.scale() - 0.5f;
    float line = (y + 0.5f) / small.photo.scale() - 0.5f;
    int left = Math.max(0, (int) Math.floor(column));
    int top = Math.max(0, (int) Math.floor(line));
    float right = Math.max(0, column - left);
    float bottom = Math.max(0, line - top);
    int i = small.photo.index(left, top);
    int next = left + 1 < small.photo.width() ? 1 : 0;
    int below = top + 1 < small.photo.height() ? i + small.photo.stride() : i;
    for (int n = 0; n < 4; n++) {
      float[] plane = models.plane(n);
      float upper = plane[i] + (plane[i + next] - plane[i]) * right;
      float lower = plane[below] + (plane[below + next] - plane[below]) * right;
      coefficients[n] = upper + (lower - upper) * bottom;
    }
    float sum =
        (coefficients[0] * (colors[x * 3] & 0xff)
                    + coefficients[1] * (colors[x * 3 + 1] & 0xff)
                    + coefficients[2] * (colors[x * 3 + 2] & 0xff))
                / 255
            + coefficients[3];
    return (int) (Math.max(0, Math.min(1, sum)) * 255 + 0.5f);
  }
}
