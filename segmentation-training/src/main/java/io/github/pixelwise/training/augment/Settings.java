package io.github.pixelwise.training.augment;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.model.ChannelOrder;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.SizeRule;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** The settings of an augmentation, and what they do. */
record Settings(
    Resizing resizing,
    Range scale,
    Range aspectRatio,
    Chance rotation,
    Optional<SizeRule> crop,
    double largestShare,
    double flip,
    Jitter jitter,
    Chance blur,
    double gray,
    Optional<Integer> padding,
    int ignoreIndex) {
  static final Settings NONE =
      new Settings(
          Resizing.NONE,
          Range.ONE,
          Range.ONE,
          Chance.NEVER,
          Optional.empty(),
          1,
          0,
          Jitter.NONE,
          Chance.NEVER,
          0,
          Optional.empty(),
          255);

  /** How often a place for the crop is drawn while one class covers too much of it. */
  private static final int TRIES = 10;

  /** The color that a network normalizes to 0, or the nearest to it. */
  static int mean(InputSpec input) {
    int rgb = 0;
    for (int channel = 0; channel < 3; channel++) {
      int index = input.channelOrder() == ChannelOrder.RGB ? channel : 2 - channel;
      long sample = Math.round(input.mean().get(index) / input.scale());
      rgb = rgb << 8 | (int) Math.max(0, Math.min(255, sample));
    }
    return rgb;
  }

  AugmentedSample apply(RgbImage photo, CategoryMask mask, RandomGenerator random) {
    Scene scene = scene(photo, mask, random);
    int width = crop.map(SizeRule::width).orElse(scene.width());
    int height = crop.map(SizeRule::height).orElse(scene.height());
    Window part = Window.at(random, width, height, scene);
    int[] categories = scene.categories(part);
    for (int tries = 1; tries < TRIES && isTooUniform(categories); tries++) {
      part = Window.at(random, width, height, scene);
      categories = scene.categories(part);
    }
    byte[] rgb = scene.samples(part, padding.orElse(0));
    if (random.nextDouble() < flip) {
      mirror(rgb, categories, width);
    }
    jitter.apply(rgb, random);
    BoxBlurs.blur(rgb, width, height, blur.draw(random));
    if (random.nextDouble() < gray) {
      ColorChanges.gray(rgb);
    }
    pad(rgb, categories);
    return new AugmentedSample(
        RgbImage.of(width, height, rgb), CategoryMask.copyOf(width, height, categories));
  }

  private Scene scene(RgbImage photo, CategoryMask mask, RandomGenerator random) {
    int[] resized = resizing.size(photo.width(), photo.height(), random);
    double factor = scale.draw(random);
    double stretch = Math.sqrt(aspectRatio.drawLogarithmically(random));
    return new Scene(
        photo,
        mask,
        (int) Math.max(1, Math.round(resized[0] * factor * stretch)),
        (int) Math.max(1, Math.round(resized[1] * factor / stretch)),
        rotation.draw(random));
  }

  private boolean isTooUniform(int[] categories) {
    if (largestShare == 1) {
      return false;
    }
    int[] counts = new int[1 << 16];
    int counted = 0;
    int largest = 0;
    for (int category : categories) {
      if (category != Turn.OUTSIDE && category != ignoreIndex) {
        counted++;
        largest = Math.max(largest, ++counts[category]);
      }
    }
    return largest >= counted * largestShare;
  }

  private static void mirror(byte[] rgb, int[] categories, int width) {
    for (int row = 0; row < categories.length; row += width) {
      for (int left = row, right = row + width - 1; left < right; left++, right--) {
        int category = categories[left];
        categories[left] = categories[right];
        categories[right] = category;
        for (int channel = 0; channel < 3; channel++) {
          byte sample = rgb[left * 3 + channel];
          rgb[left * 3 + channel] = rgb[right * 3 + channel];
          rgb[right * 3 + channel] = sample;
        }
      }
    }
  }

  /** Paints the padding again, because the changes of colors change it, too. */
  private void pad(byte[] rgb, int[] categories) {
    int color = padding.orElse(0);
    for (int i = 0; i < categories.length; i++) {
      if (categories[i] == Turn.OUTSIDE) {
        categories[i] = ignoreIndex;
        ColorChanges.set(rgb, i * 3, color >> 16, color >> 8, color);
      }
    }
  }
}
