package io.github.pixelwise.postprocess;

import static io.github.pixelwise.postprocess.LayerLevel.TILE;
import static io.github.pixelwise.postprocess.LayerWindow.SAMPLES;

import io.github.pixelwise.AlphaMask;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.internal.util.Rows;
import java.util.BitSet;
import java.util.concurrent.atomic.LongAdder;

/**
 * Multi-level foreground estimation (Germer, Uelwer, Conrad, Harmeling 2020, arXiv:2006.14970).
 *
 * <p>Of all colors F and B it looks for those with the least sum over the pixels i of
 *
 * <pre>
 *   (a_i F_i + (1 - a_i) B_i - I_i)^2  +  sum over the four neighbors j of
 *       (e + w |a_i - a_j|) ((F_i - F_j)^2 + (B_i - B_j)^2)
 * </pre>
 *
 * going from one pixel to the whole picture by levels of twice the size. A level takes the picture
 * at the nearest pixel, begins with the colors of the level before and improves them pixel by
 * pixel. With the neighbors' weighted means f and b, the weights' sum S and {@code r = I - a f - (1
 * - a) b}, the best for one pixel is
 *
 * <pre>
 *   F = f + a r / (a^2 + (1 - a)^2 + S)      B = b + (1 - a) r / (a^2 + (1 - a)^2 + S)
 * </pre>
 *
 * which, unlike the inverse of its 2 x 2 system, loses no digits where S is small.
 *
 * <p>Pixels are improved like the squares of a chessboard, all black ones, then all white ones: in
 * place, and within a color in whatever order. So a tile with a margin of one pixel for each half
 * is improved on its own, with the very result of the whole, and tiles that no soft pixel of the
 * picture depends on are left out.
 */
final class LayerEstimation {
  private final RgbImage image;
  private final AlphaMask alpha;

  LayerEstimation(RgbImage image, AlphaMask alpha) {
    this.image = image;
    this.alpha = alpha;
  }

  Layers run() {
    BitSet soft = softTiles();
    if (soft.isEmpty()) {
      return new Layers(image, image);
    }
    int coarsest = 32 - Integer.numberOfLeadingZeros(Math.max(image.width(), image.height()) - 1);
    LayerLevel[] levels = new LayerLevel[coarsest + 1];
    levels[0] = new LayerLevel(0, image.width(), image.height(), soft);
    for (int i = 1; i <= coarsest; i++) {
      levels[i] = levels[i - 1].parent();
    }
    float[] means = means();
    LayerWindow.Start start =
        (x, y, target, offset) -> System.arraycopy(means, 0, target, offset, SAMPLES);
    for (int i = coarsest; i > 0; i--) {
      start = improve(levels[i], start);
    }
    return finish(levels[0], start);
  }

  /** The tiles of the picture that have a pixel whose alpha is neither 0 nor 255. */
  private BitSet softTiles() {
    int columns = LayerLevel.columns(image.width());
    BitSet soft = new BitSet();
    Rows.inParallel(
        image.height(),
        16,
        (from, to) -> {
          byte[] row = new byte[image.width()];
          BitSet found = new BitSet();
          for (int y = from; y < to; y++) {
            alpha.copyRow(y, row, 0);
            for (int x = 0; x < row.length; x++) {
              if (row[x] != 0 && row[x] != -1) {
                found.set(y / TILE * columns + x / TILE);
              }
            }
          }
          synchronized (soft) {
            soft.or(found);
          }
        });
    return soft;
  }

  /** What all begins with: the whole picture's means, weighted with alpha and 1 - alpha. */
  private float[] means() {
    LongAdder opacity = new LongAdder();
    LongAdder[] all = {new LongAdder(), new LongAdder(), new LongAdder()};
    LongAdder[] opaque = {new LongAdder(), new LongAdder(), new LongAdder()};
    Rows.inParallel(
        image.height(),
        16,
        (from, to) -> {
          byte[] colors = new byte[image.width() * 3];
          byte[] alphas = new byte[image.width()];
          for (int y = from; y < to; y++) {
            image.copyRow(y, colors, 0);
            alpha.copyRow(y, alphas, 0);
            for (int c = 0; c < 3; c++) {
              long sum = 0;
              long weighted = 0;
              for (int x = 0, i = c; x < alphas.length; x++, i += 3) {
                sum += colors[i] & 0xff;
                weighted += (colors[i] & 0xffL) * (alphas[x] & 0xff);
              }
              all[c].add(sum);
              opaque[c].add(weighted);
            }
            long weights = 0;
            for (byte a : alphas) {
              weights += a & 0xff;
            }
            opacity.add(weights);
          }
        });
    // Neither is 0, for a soft pixel has a share in both.
    double foreground = opacity.sum();
    double background = 255.0 * image.width() * image.height() - foreground;
    float[] means = new float[SAMPLES];
    for (int c = 0; c < 3; c++) {
      means[c] = (float) (opaque[c].sum() / foreground);
      means[c + 3] = (float) ((255 * all[c].sum() - opaque[c].sum()) / background);
    }
    return means;
  }

  /** What is done with a tile, by one thread, once its colors are improved. */
  @FunctionalInterface
  private interface Sink {
    void put(int tile, LayerWindow window);
  }

  private void forEachTile(LayerLevel level, LayerWindow.Start start, Sink sink) {
    int[] tiles = level.tiles().stream().toArray();
    Rows.inParallel(
        tiles.length,
        1,
        (from, to) -> {
          LayerWindow window = new LayerWindow(image, alpha, level);
          for (int i = from; i < to; i++) {
            window.improve(tiles[i], start);
            sink.put(tiles[i], window);
          }
        });
  }

  private LayerWindow.Start improve(LayerLevel level, LayerWindow.Start start) {
    int columns = level.columns();
    float[][] colors = new float[columns * LayerLevel.columns(level.height())][];
    forEachTile(
        level,
        start,
        (tile, window) -> {
          LayerLevel.Area area = LayerLevel.Area.of(level, tile);
          float[] samples = new float[TILE * TILE * SAMPLES];
          for (int y = area.top(); y < area.bottom(); y++) {
            for (int x = area.left(); x < area.right(); x++) {
              window.copy(x, y, samples, offset(x, y));
            }
          }
          colors[tile] = samples;
        });
    return (x, y, target, offset) ->
        System.arraycopy(
            colors[y / TILE * columns + x / TILE], offset(x, y), target, offset, SAMPLES);
  }

  /** Where a pixel's samples are in those of its tile. */
  private static int offset(int x, int y) {
    return (y % TILE * TILE + x % TILE) * SAMPLES;
  }

  private Layers finish(LayerLevel level, LayerWindow.Start start) {
    byte[] foreground = image.toByteArray();
    byte[] background = image.toByteArray();
    forEachTile(
        level,
        start,
        (tile, window) -> {
          LayerLevel.Area area = LayerLevel.Area.of(level, tile);
          float[] samples = new float[SAMPLES];
          for (int y = area.top(); y < area.bottom(); y++) {
            for (int x = area.left(); x < area.right(); x++) {
              if (alpha.alpha(x, y) % 255 != 0) {
                window.copy(x, y, samples, 0);
                int i = (y * image.width() + x) * 3;
                for (int c = 0; c < 3; c++) {
                  foreground[i + c] = (byte) (samples[c] + 0.5f);
                  background[i + c] = (byte) (samples[c + 3] + 0.5f);
                }
              }
            }
          }
        });
    return new Layers(
        RgbImage.of(image.width(), image.height(), foreground),
        RgbImage.of(image.width(), image.height(), background));
  }
}
