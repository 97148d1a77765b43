package io.github.pixelwise.training.augment;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.Parallelism;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.internal.resample.Resampler;
import io.github.pixelwise.model.ImageGeometry;
import io.github.pixelwise.model.Interpolation;

/**
 * A photo and its mask, resized and then turned. Only the parts asked for are computed, with the
 * result that a crop of the whole would have.
 */
final class Scene {
  /** Photos are augmented by several threads, one each. */
  private static final Parallelism ONE_THREAD = Parallelism.common().atMost(1);

  private final RgbImage photo;
  private final CategoryMask mask;
  private final int width;
  private final int height;
  private final Turn turn;

  Scene(RgbImage photo, CategoryMask mask, int width, int height, double degrees) {
    this.photo = photo;
    this.mask = mask;
    this.width = width;
    this.height = height;
    this.turn = new Turn(degrees, width, height);
  }

  int width() {
    return width;
  }

  int height() {
    return height;
  }

  /** The mask's categories, {@link Turn#OUTSIDE} outside the scene. */
  int[] categories(Window part) {
    int[] columns = nearest(mask.width(), width);
    int[] rows = nearest(mask.height(), height);
    int[] categories = turn.nearest(part);
    for (int i = 0; i < categories.length; i++) {
      int pixel = categories[i];
      if (pixel != Turn.OUTSIDE) {
        categories[i] = mask.category(columns[pixel % width], rows[pixel / width]);
      }
    }
    return categories;
  }

  /** Pillow (libImaging/Geometry.c) adds up the step, which rounds at each step. */
  private static int[] nearest(int source, int target) {
    int[] nearest = new int[target];
    double step = (double) source / target;
    double position = step * 0.5;
    for (int i = 0; i < target; i++, position += step) {
      nearest[i] = Math.min((int) position, source - 1);
    }
    return nearest;
  }

  /** The photo's samples, the padding outside the scene. */
  byte[] samples(Window part, int padding) {
    byte[] rgb = new byte[part.samples(3)];
    for (int i = 0; i < rgb.length; i += 3) {
      ColorChanges.set(rgb, i, padding >> 16, padding >> 8, padding);
    }
    if (turn.isNone()) {
      resize(part, rgb);
      return rgb;
    }
    Window source = turn.source(part);
    if (!source.isEmpty()) {
      byte[] pixels = new byte[source.samples(3)];
      resize(source, pixels);
      turn.interpolate(pixels, source, part, rgb);
    }
    return rgb;
  }

  private void resize(Window part, byte[] rgb) {
    int left = Math.max(0, -part.left());
    Resampler.resize(
        photo,
        ImageGeometry.stretched(photo.width(), photo.height(), part.width(), part.height())
            .withContent(-part.left(), -part.top(), width, height),
        Interpolation.BILINEAR,
        ONE_THREAD,
        (y, samples) -> {
          for (int channel = 0; channel < 3; channel++) {
            int out = (y * part.width() + left) * 3 + channel;
            for (int sample : samples[channel]) {
              rgb[out] = (byte) sample;
              out += 3;
            }
          }
        });
  }
}
