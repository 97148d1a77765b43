package io.github.pixelwise.postprocess;

import io.github.pixelwise.AlphaMask;
import io.github.pixelwise.RgbImage;

/**
 * Improves the colors of a tile, on a copy of the tile and its margin. For one thread, for any
 * number of tiles of one level; see {@link LayerEstimation}.
 */
final class LayerWindow {
  /** Of foreground, then background, each R G B. */
  static final int SAMPLES = 6;

  // The defaults of the authors' own library, PyMatting (estimate_foreground_ml).
  private static final float REGULARIZATION = 1e-5f;
  private static final float GRADIENT_WEIGHT = 1;

  private final RgbImage image;
  private final AlphaMask alpha;
  private final LayerLevel level;
  private final float[] colors;
  private final float[] mixed;
  private final float[] alphas;
  private LayerLevel.Area area;

  LayerWindow(RgbImage image, AlphaMask alpha, LayerLevel level) {
    this.image = image;
    this.alpha = alpha;
    this.level = level;
    int side = LayerLevel.TILE + 4 * level.iterations();
    int pixels = Math.min(side, level.width()) * Math.min(side, level.height());
    colors = new float[pixels * SAMPLES];
    mixed = new float[pixels * 3];
    alphas = new float[pixels];
    area = LayerLevel.Area.of(level, 0);
  }

  /** Where colors begin. */
  @FunctionalInterface
  interface Start {
    /** Copies the samples of a pixel of the level of half the size. */
    void copy(int x, int y, float[] target, int offset);
  }

  void improve(int tile, Start start) {
    area = LayerLevel.Area.of(level, tile).withMargin(level);
    load(start);
    // The outermost pixels lack a neighbor, unless the picture ends there.
    int left = area.left() == 0 ? 0 : area.left() + 1;
    int top = area.top() == 0 ? 0 : area.top() + 1;
    int right = area.right() == level.width() ? area.right() : area.right() - 1;
    int bottom = area.bottom() == level.height() ? area.bottom() : area.bottom() - 1;
    for (int half = 0; half < 2 * level.iterations(); half++) {
      for (int y = top; y < bottom; y++) {
        for (int x = left + ((left + y + half) & 1); x < right; x += 2) {
          improve(x, y);
        }
      }
    }
  }

  /** Copies a pixel's samples. */
  void copy(int x, int y, float[] target, int offset) {
    System.arraycopy(colors, area.index(x, y) * SAMPLES, target, offset, SAMPLES);
  }

  private void load(Start start) {
    int half = (1 << level.shift()) / 2;
    for (int y = area.top(), i = 0; y < area.bottom(); y++) {
      int imageY = Math.min((y << level.shift()) + half, image.height() - 1);
      for (int x = area.left(); x < area.right(); x++, i++) {
        int imageX = Math.min((x << level.shift()) + half, image.width() - 1);
        int rgb = image.rgb(imageX, imageY);
        mixed[i * 3] = rgb >> 16;
        mixed[i * 3 + 1] = rgb >> 8 & 0xff;
        mixed[i * 3 + 2] = rgb & 0xff;
        alphas[i] = alpha.alpha(imageX, imageY) / 255f;
        start.copy(x / 2, y / 2, colors, i * SAMPLES);
      }
    }
  }

  /** A neighbor beyond the picture's edge is the pixel itself. */
  private void improve(int x, int y) {
    int i = area.index(x, y);
    int l = x > 0 ? i - 1 : i;
    int r = x < level.width() - 1 ? i + 1 : i;
    int u = y > 0 ? i - area.width() : i;
    int d = y < level.height() - 1 ? i + area.width() : i;
    float a = alphas[i];
    float weightL = weight(a, alphas[l]);
    float weightR = weight(a, alphas[r]);
    float weightU = weight(a, alphas[u]);
    float weightD = weight(a, alphas[d]);
    float sum = weightL + weightR + weightU + weightD;
    float normal = 1 / sum;
    weightL *= normal;
    weightR *= normal;
    weightU *= normal;
    weightD *= normal;
    float step = 1 / (a * a + (1 - a) * (1 - a) + sum);
    l *= SAMPLES;
    r *= SAMPLES;
    u *= SAMPLES;
    d *= SAMPLES;
    float[] c = colors;
    for (int f = 0, b = 3; f < 3; f++, b++) {
      float meanF =
          weightL * c[l + f] + weightR * c[r + f] + weightU * c[u + f] + weightD * c[d + f];
      float meanB =
          weightL * c[l + b] + weightR * c[r + b] + weightU * c[u + b] + weightD * c[d + b];
      float residual = (mixed[i * 3 + f] - a * meanF - (1 - a) * meanB) * step;
      c[i * SAMPLES + f] = clip(meanF + a * residual);
      c[i * SAMPLES + b] = clip(meanB + (1 - a) * residual);
    }
  }

  private static float weight(float a, float b) {
    return REGULARIZATION + GRADIENT_WEIGHT * Math.abs(a - b);
  }

  private static float clip(float sample) {
    return Math.max(0, Math.min(255, sample));
  }
}
