package io.github.pixelwise.training.augment;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.LabelMap;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.internal.util.Colors;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.SizeRule;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Random changes to photographs and their masks, in this order:
 *
 * <ol>
 *   <li>resizing: to a random short edge, to one size, or into one size; then by a random scale and
 *       aspect ratio
 *   <li>a rotation about the center
 *   <li>a crop at a random place
 *   <li>a flip that swaps left and right
 *   <li>changes of brightness, contrast, saturation, and hue, in random order
 *   <li>Gaussian blur
 *   <li>gray
 * </ol>
 *
 * <p>Photographs are resized and rotated with bilinear interpolation. Masks take the nearest pixel,
 * so they keep their classes. What lies outside the photograph has the color of the padding, and is
 * void in the mask. Each step gives the samples that Pillow 9.4 gives for the same numbers; the
 * four factors are those of torchvision's {@code ColorJitter}.
 *
 * <pre>{@code
 * Augmentation augmentation =
 *     Augmentation.builder().scale(0.5, 2).crop(480, 480).flip(0.5).brightness(0.8, 1.2).build();
 * }</pre>
 *
 * <p>Immutable; augmentations with the same settings are equal. May be used by several threads,
 * each with a generator of its own.
 */
public final class Augmentation {
  private final Settings settings;

  private Augmentation(Settings settings) {
    this.settings = settings;
  }

  /** {@return an augmentation that changes nothing} */
  public static Augmentation none() {
    return new Augmentation(Settings.NONE);
  }

  /** {@return a builder that starts with no changes} */
  public static Builder builder() {
    return new Builder(Settings.NONE);
  }

  /** {@return the size of the crop, which all photographs then have; empty if there is none} */
  public Optional<SizeRule> crop() {
    return settings.crop();
  }

  /**
   * Returns this augmentation with what a network needs outside photographs: the color that becomes
   * 0 in its input, unless this augmentation has a padding of its own, and the ignore index of the
   * labels.
   *
   * @param input the network's input
   * @param labels the classes of the masks
   * @return the new augmentation
   */
  public Augmentation forNetwork(InputSpec input, LabelMap labels) {
    return new Builder(settings)
        .padding(settings.padding().orElseGet(() -> Settings.mean(input)))
        .ignoreIndex(labels.ignoreIndex())
        .build();
  }

  /**
   * Changes a photograph and its mask.
   *
   * @param photo the photograph
   * @param mask its mask
   * @param random where random numbers come from; the same numbers make the same changes
   * @return the changed photograph and mask, of the crop's size if there is a crop
   * @throws IllegalArgumentException if the sizes of the photograph and the mask differ, or the
   *     result would not fit an array
   */
  public AugmentedSample apply(RgbImage photo, CategoryMask mask, RandomGenerator random) {
    if (photo.width() != mask.width() || photo.height() != mask.height()) {
      throw new IllegalArgumentException(
          "a mask must have its photograph's size, %d x %d, found %d x %d"
              .formatted(photo.width(), photo.height(), mask.width(), mask.height()));
    }
    return settings.apply(photo, mask, random);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Augmentation that && settings.equals(that.settings);
  }

  @Override
  public int hashCode() {
    return settings.hashCode();
  }

  /** The settings. */
  @Override
  public String toString() {
    return "Augmentation" + settings.toString().substring("Settings".length());
  }

  /** Builds an {@link Augmentation}. */
  public static final class Builder {
    private Resizing resizing;
    private Range scale;
    private Range aspectRatio;
    private Chance rotation;
    private Optional<SizeRule> crop;
    private double largestShare;
    private double flip;
    private Jitter jitter;
    private Chance blur;
    private double gray;
    private Optional<Integer> padding;
    private int ignoreIndex;

    private Builder(Settings settings) {
      resizing = settings.resizing();
      scale = settings.scale();
      aspectRatio = settings.aspectRatio();
      rotation = settings.rotation();
      crop = settings.crop();
      largestShare = settings.largestShare();
      flip = settings.flip();
      jitter = settings.jitter();
      blur = settings.blur();
      gray = settings.gray();
      padding = settings.padding();
      ignoreIndex = settings.ignoreIndex();
    }

    /**
     * Resizes each photograph so that its shorter edge has a random length; proportions are kept.
     * Replaces {@link #stretch} and {@link #fit}.
     *
     * @param min the smallest length in pixels, at least 1
     * @param max the largest, at most 8192
     * @return this builder
     * @throws IllegalArgumentException if the range is empty or reaches beyond 1..8192
     */
    public Builder shortEdge(int min, int max) {
      Range.of("the short edge", min, max, 1, 8192);
      resizing = new Resizing(Resizing.Kind.SHORT_EDGE, min, max);
      return this;
    }

    /**
     * Resizes all photographs to one size; proportions may change. Replaces {@link #shortEdge} and
     * {@link #fit}.
     *
     * @param width the width in pixels
     * @param height the height in pixels
     * @return this builder
     * @throws IllegalArgumentException if a side is outside 1..8192
     */
    public Builder stretch(int width, int height) {
      resizing = Resizing.of(Resizing.Kind.STRETCH, width, height);
      return this;
    }

    /**
     * Resizes each photograph so that it just fits into one size; proportions are kept. Replaces
     * {@link #shortEdge} and {@link #stretch}.
     *
     * @param width the width in pixels
     * @param height the height in pixels
     * @return this builder
     * @throws IllegalArgumentException if a side is outside 1..8192
     */
    public Builder fit(int width, int height) {
      resizing = Resizing.of(Resizing.Kind.FIT, width, height);
      return this;
    }

    /**
     * Resizes by a random factor.
     *
     * @param min the smallest factor, at least 0.01
     * @param max the largest, at most 100
     * @return this builder
     * @throws IllegalArgumentException if the range is empty or reaches beyond 0.01..100
     */
    public Builder scale(double min, double max) {
      scale = Range.of("the scale", min, max, 0.01, 100);
      return this;
    }

    /**
     * Changes the proportions by a random factor: the width is multiplied by its root, the height
     * divided by it. Its logarithm is uniform, so that 1/2 is as probable as 2.
     *
     * @param min the smallest factor, at least 0.1
     * @param max the largest, at most 10
     * @return this builder
     * @throws IllegalArgumentException if the range is empty or reaches beyond 0.1..10
     */
    public Builder aspectRatio(double min, double max) {
      aspectRatio = Range.of("the factor of the aspect ratio", min, max, 0.1, 10);
      return this;
    }

    /**
     * Rotates photographs about their center by a random angle.
     *
     * @param degrees the largest angle in either direction, 0 to 180
     * @param probability the share of photographs that are rotated, 0 to 1
     * @return this builder
     * @throws IllegalArgumentException if a number is out of range
     */
    public Builder rotation(double degrees, double probability) {
      Range.require("the angle", degrees, 0, 180);
      rotation =
          new Chance(new Range(-degrees, degrees), Range.probability("a rotation", probability));
      return this;
    }

    /**
     * Cuts out a part at a random place; photographs that are smaller are padded, and then lie at a
     * random place within it.
     *
     * @param width the width in pixels
     * @param height the height in pixels
     * @return this builder
     * @throws IllegalArgumentException if a side is outside 1..8192
     */
    public Builder crop(int width, int height) {
      crop = Optional.of(SizeRule.crop(width, height));
      return this;
    }

    /**
     * Tries up to ten places for the crop, until no class covers this share of its pixels or more.
     * Void pixels do not count.
     *
     * @param share 0.01 to 1; 1 accepts the first place
     * @return this builder
     * @throws IllegalArgumentException if the share is out of range
     */
    public Builder largestShare(double share) {
      largestShare = Range.require("the largest share of a class", share, 0.01, 1);
      return this;
    }

    /**
     * Swaps left and right.
     *
     * @param probability the share of photographs that are flipped, 0 to 1
     * @return this builder
     * @throws IllegalArgumentException if the probability is out of range
     */
    public Builder flip(double probability) {
      flip = Range.probability("a flip", probability);
      return this;
    }

    /**
     * Multiplies the brightness by a random factor.
     *
     * @param min the smallest factor; 0 is black
     * @param max the largest, at most 10
     * @return this builder
     * @throws IllegalArgumentException if the range is empty or reaches beyond 0..10
     */
    public Builder brightness(double min, double max) {
      Range range = Range.of("the factor of brightness", min, max, 0, 10);
      jitter = new Jitter(range, jitter.contrast(), jitter.saturation(), jitter.hue());
      return this;
    }

    /**
     * Multiplies the contrast by a random factor.
     *
     * @param min the smallest factor; 0 is the photograph's mean gray
     * @param max the largest, at most 10
     * @return this builder
     * @throws IllegalArgumentException if the range is empty or reaches beyond 0..10
     */
    public Builder contrast(double min, double max) {
      Range range = Range.of("the factor of contrast", min, max, 0, 10);
      jitter = new Jitter(jitter.brightness(), range, jitter.saturation(), jitter.hue());
      return this;
    }

    /**
     * Multiplies the saturation by a random factor.
     *
     * @param min the smallest factor; 0 is gray
     * @param max the largest, at most 10
     * @return this builder
     * @throws IllegalArgumentException if the range is empty or reaches beyond 0..10
     */
    public Builder saturation(double min, double max) {
      Range range = Range.of("the factor of saturation", min, max, 0, 10);
      jitter = new Jitter(jitter.brightness(), jitter.contrast(), range, jitter.hue());
      return this;
    }

    /**
     * Shifts the hue by a random share of the color circle.
     *
     * @param min the smallest share, at least -0.5
     * @param max the largest, at most 0.5
     * @return this builder
     * @throws IllegalArgumentException if the range is empty or reaches beyond -0.5..0.5
     */
    public Builder hue(double min, double max) {
      Range range = Range.of("the turn of hue", min, max, -0.5, 0.5);
      jitter = new Jitter(jitter.brightness(), jitter.contrast(), jitter.saturation(), range);
      return this;
    }

    /**
     * Blurs with a Gaussian of random width.
     *
     * @param min the smallest standard deviation in pixels, at least 0
     * @param max the largest, at most 100
     * @param probability the share of photographs that are blurred, 0 to 1
     * @return this builder
     * @throws IllegalArgumentException if the range is empty or reaches beyond 0..100, or the
     *     probability is out of range
     */
    public Builder blur(double min, double max, double probability) {
      Range sigma = Range.of("the standard deviation of a blur", min, max, 0, 100);
      blur = new Chance(sigma, Range.probability("a blur", probability));
      return this;
    }

    /**
     * Removes all color.
     *
     * @param probability the share of photographs that become gray, 0 to 1
     * @return this builder
     * @throws IllegalArgumentException if the probability is out of range
     */
    public Builder gray(double probability) {
      gray = Range.probability("gray", probability);
      return this;
    }

    /**
     * Sets the color outside photographs. Without one it is black, and in training the color that
     * the network normalizes to 0.
     *
     * @param rgb the color as {@code 0xRRGGBB}
     * @return this builder
     * @throws IllegalArgumentException if the color lies outside {@code 0..0xffffff}
     */
    public Builder padding(int rgb) {
      padding = Optional.of(Colors.require("the padding", rgb));
      return this;
    }

    /**
     * Sets the category outside photographs; 255 if it is not set. Training sets that of its data
     * set.
     *
     * @param category 0 to 65535
     * @return this builder
     * @throws IllegalArgumentException if the category is out of range
     */
    public Builder ignoreIndex(int category) {
      Range.require("the ignore index", category, 0, 65535);
      ignoreIndex = category;
      return this;
    }

    /** {@return the augmentation} */
    public Augmentation build() {
      return new Augmentation(
          new Settings(
              resizing,
              scale,
              aspectRatio,
              rotation,
              crop,
              largestShare,
              flip,
              jitter,
              blur,
              gray,
              padding,
              ignoreIndex));
    }
  }
}
