package io.github.pixelwise.model;

import io.github.pixelwise.internal.card.Normalization;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A network's input: which tensor it is, and how an image is turned into it.
 *
 * <p>An 8-bit sample x of channel c becomes {@code (x * scale - mean[c]) / std[c]}. The lists
 * follow {@link #channelOrder()}. With {@link #scaledByMaximum()}, {@code x * scale} is {@code x /
 * maximum} instead, where the maximum is the highest sample of the resized image.
 */
public final class InputSpec {

  private final String name;
  private final TensorLayout layout;
  private final ChannelOrder channelOrder;
  private final double scale;
  private final boolean scaledByMaximum;
  private final List<Double> mean;
  private final List<Double> std;
  private final SizeRule size;
  private final ResizeMode resize;
  private final Optional<SizeRule> crop;
  private final Interpolation interpolation;
  private final double padding;
  private final Optional<String> preprocessor;

  private InputSpec(Builder builder) {
    name = builder.name;
    layout = builder.layout;
    channelOrder = builder.channelOrder;
    scale = builder.scale;
    scaledByMaximum = builder.scaledByMaximum;
    mean = builder.mean;
    std = builder.std;
    size = builder.size;
    resize = builder.resize;
    crop = builder.crop;
    interpolation = builder.interpolation;
    padding = builder.padding;
    preprocessor = builder.preprocessor;
    if (!(scale > 0) || Double.isInfinite(scale)) {
      throw new IllegalArgumentException("scale must be above 0, found " + scale);
    }
    if (mean.size() != 3 || mean.stream().anyMatch(m -> !Double.isFinite(m))) {
      throw new IllegalArgumentException("mean must be three numbers, found " + mean);
    }
    if (std.size() != 3 || std.stream().anyMatch(s -> !(s > 0) || s.isInfinite())) {
      throw new IllegalArgumentException("std must be three numbers above 0, found " + std);
    }
    new Normalization(scale, mean, std).requireOneRange("");
    if (!(padding >= 0 && padding <= 255)) {
      throw new IllegalArgumentException("padding must be 0 to 255, found " + padding);
    }
  }

  /**
   * Starts a specification with common defaults: NCHW, RGB, samples scaled to 0..1, no mean,
   * stretched bilinearly.
   *
   * @param name the input's name in the model file
   * @param size the input's size
   * @return a builder
   */
  public static Builder builder(String name, SizeRule size) {
    return new Builder(name, size);
  }

  /**
   * Returns where an image of this size lies in the input.
   *
   * @param sourceWidth the image's width in pixels
   * @param sourceHeight the image's height in pixels
   * @return the geometry
   * @throws IllegalArgumentException if the input would exceed 64 megapixels
   */
  public ImageGeometry geometry(int sourceWidth, int sourceHeight) {
    ImageGeometry whole = size.geometry(resize, sourceWidth, sourceHeight);
    return crop.map(middle -> middle.centerOf(whole)).orElse(whole);
  }

  /**
   * Returns this specification for images that are larger or smaller in the input.
   *
   * @param factor what the length of the edge is multiplied by, above 0; sides still become numbers
   *     of the form that {@link #size()} says
   * @return the new specification
   * @throws IllegalArgumentException if the input has a fixed size, or the factor is not above 0
   */
  public InputSpec scaled(double factor) {
    if (size.kind() == SizeRule.Kind.FIXED || crop.isPresent()) {
      throw new IllegalArgumentException(
          "an input of the fixed size %d x %d cannot be scaled by %s"
              .formatted(crop.orElse(size).width(), crop.orElse(size).height(), factor));
    }
    if (!(factor > 0) || Double.isInfinite(factor)) {
      throw new IllegalArgumentException("the factor must be above 0, found " + factor);
    }
    Builder builder = new Builder(name, size.scaled(factor));
    builder.layout = layout;
    builder.channelOrder = channelOrder;
    builder.scale = scale;
    builder.scaledByMaximum = scaledByMaximum;
    builder.mean = mean;
    builder.std = std;
    builder.resize = resize;
    builder.interpolation = interpolation;
    builder.padding = padding;
    builder.preprocessor = preprocessor;
    return builder.build();
  }

  /** {@return the input's name in the model file; empty stands for the only one} */
  public String name() {
    return name;
  }

  /** {@return the order of its axes} */
  public TensorLayout layout() {
    return layout;
  }

  /** {@return the order of its channels} */
  public ChannelOrder channelOrder() {
    return channelOrder;
  }

  /**
   * {@return the factor that samples of 0 to 255 are multiplied by; 1/255 if {@link
   * #scaledByMaximum()}}
   */
  public double scale() {
    return scale;
  }

  /**
   * {@return whether samples are divided by the highest one of the resized image, in any channel,
   * instead of being multiplied by {@link #scale()}}
   */
  public boolean scaledByMaximum() {
    return scaledByMaximum;
  }

  /** {@return the means, subtracted after scaling, one number per channel} */
  public List<Double> mean() {
    return mean;
  }

  /** {@return the standard deviations, one number per channel, above 0} */
  public List<Double> std() {
    return std;
  }

  /** {@return the input's size} */
  public SizeRule size() {
    return size;
  }

  /** {@return how the image is fitted into it} */
  public ResizeMode resize() {
    return resize;
  }

  /**
   * {@return the size of the center that is cut out after resizing, if one is: the input then has
   * this size, and pixels of the image outside it are void in the mask}
   */
  public Optional<SizeRule> crop() {
    return crop;
  }

  /** {@return how the image is resampled} */
  public Interpolation interpolation() {
    return interpolation;
  }

  /** {@return the sample value, 0 to 255, of pixels outside the image} */
  public double padding() {
    return padding;
  }

  /**
   * {@return the name of the preprocessor that replaces the standard one, found through a {@link
   * io.github.pixelwise.spi.PreprocessorProvider}; empty for the standard one}
   */
  public Optional<String> preprocessor() {
    return preprocessor;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof InputSpec that
        && name.equals(that.name)
        && layout.equals(that.layout)
        && channelOrder.equals(that.channelOrder)
        && Double.compare(scale, that.scale) == 0
        && scaledByMaximum == that.scaledByMaximum
        && mean.equals(that.mean)
        && std.equals(that.std)
        && size.equals(that.size)
        && resize.equals(that.resize)
        && crop.equals(that.crop)
        && interpolation.equals(that.interpolation)
        && Double.compare(padding, that.padding) == 0
        && preprocessor.equals(that.preprocessor);
  }

  @Override
  public int hashCode() {
    return Objects.hash(
        name,
        layout,
        channelOrder,
        scale,
        scaledByMaximum,
        mean,
        std,
        size,
        resize,
        crop,
        interpolation,
        padding,
        preprocessor);
  }

  @Override
  public String toString() {
    return "InputSpec[name=%s, layout=%s, channelOrder=%s, scale=%s, scaledByMaximum=%s, mean=%s, std=%s, size=%s, resize=%s, crop=%s, interpolation=%s, padding=%s, preprocessor=%s]"
        .formatted(
            name,
            layout,
            channelOrder,
            scale,
            scaledByMaximum,
            mean,
            std,
            size,
            resize,
            crop,
            interpolation,
            padding,
            preprocessor);
  }

  /** Builds an {@link InputSpec}. */
  public static final class Builder {
    private final String name;
    private final SizeRule size;
    private TensorLayout layout = TensorLayout.NCHW;
    private ChannelOrder channelOrder = ChannelOrder.RGB;
    private double scale = 1 / 255.0;
    private boolean scaledByMaximum;
    private List<Double> mean = List.of(0.0, 0.0, 0.0);
    private List<Double> std = List.of(1.0, 1.0, 1.0);
    private ResizeMode resize = ResizeMode.STRETCH;
    private Optional<SizeRule> crop = Optional.empty();
    private Interpolation interpolation = Interpolation.BILINEAR;
    private double padding;
    private Optional<String> preprocessor = Optional.empty();

    private Builder(String name, SizeRule size) {
      this.name = Objects.requireNonNull(name, "name");
      this.size = Objects.requireNonNull(size, "size");
    }

    /**
     * Sets the order of the axes.
     *
     * @param layout the layout
     * @return this builder
     */
    public Builder layout(TensorLayout layout) {
      this.layout = Objects.requireNonNull(layout, "layout");
      return this;
    }

    /**
     * Sets the order of the channels.
     *
     * @param channelOrder the order
     * @return this builder
     */
    public Builder channelOrder(ChannelOrder channelOrder) {
      this.channelOrder = Objects.requireNonNull(channelOrder, "channelOrder");
      return this;
    }

    /**
     * Sets the factor that samples of 0 to 255 are multiplied by.
     *
     * @param scale the factor, above 0
     * @return this builder
     */
    public Builder scale(double scale) {
      this.scale = scale;
      this.scaledByMaximum = false;
      return this;
    }

    /**
     * Divides samples by the highest sample of the resized image instead of multiplying them by a
     * factor, as the networks U2-Net and IS-Net expect.
     *
     * @return this builder
     */
    public Builder scaleByMaximum() {
      this.scale = 1 / 255.0;
      this.scaledByMaximum = true;
      return this;
    }

    /**
     * Sets the means, subtracted after scaling.
     *
     * @param mean one number per channel, in the channel order
     * @return this builder
     */
    public Builder mean(double... mean) {
      this.mean = Arrays.stream(mean).boxed().toList();
      return this;
    }

    /**
     * Sets the standard deviations, which samples are divided by after the mean is subtracted.
     *
     * @param std one number per channel, in the channel order
     * @return this builder
     */
    public Builder std(double... std) {
      this.std = Arrays.stream(std).boxed().toList();
      return this;
    }

    /**
     * Sets mean and standard deviation of ImageNet, (0.485, 0.456, 0.406) and (0.229, 0.224, 0.225)
     * for R, G, B: what torchvision's networks were trained with.
     *
     * @return this builder
     */
    public Builder imageNet() {
      return mean(0.485, 0.456, 0.406).std(0.229, 0.224, 0.225);
    }

    /**
     * Sets how the image is fitted into the input.
     *
     * @param resize the mode
     * @return this builder
     */
    public Builder resize(ResizeMode resize) {
      this.resize = Objects.requireNonNull(resize, "resize");
      return this;
    }

    /**
     * Cuts the center out of the resized image, placed as torchvision's {@code CenterCrop} does.
     *
     * @param width the width in pixels
     * @param height the height in pixels
     * @return this builder
     * @throws IllegalArgumentException if a side is outside 1..8192
     */
    public Builder crop(int width, int height) {
      return crop(width, height, SizeRule.Rounding.NEAREST);
    }

    /**
     * Cuts the center out of the resized image.
     *
     * @param width the width in pixels
     * @param height the height in pixels
     * @param rounding how half of an odd margin is rounded: as by torchvision's {@code CenterCrop},
     *     or down, as by the image processors of transformers
     * @return this builder
     * @throws IllegalArgumentException if a side is outside 1..8192
     */
    public Builder crop(int width, int height, SizeRule.Rounding rounding) {
      this.crop = Optional.of(SizeRule.crop(width, height).withRounding(rounding));
      return this;
    }

    /**
     * Sets how the image is resampled.
     *
     * @param interpolation the interpolation
     * @return this builder
     */
    public Builder interpolation(Interpolation interpolation) {
      this.interpolation = Objects.requireNonNull(interpolation, "interpolation");
      return this;
    }

    /**
     * Sets the sample value of pixels outside the image.
     *
     * @param padding 0 to 255
     * @return this builder
     */
    public Builder padding(double padding) {
      this.padding = padding;
      return this;
    }

    /**
     * Names the preprocessor that replaces the standard one.
     *
     * @param preprocessor the name, for example {@code bgr-lab}
     * @return this builder
     */
    public Builder preprocessor(String preprocessor) {
      this.preprocessor = Optional.of(preprocessor);
      return this;
    }

    /**
     * Builds the specification.
     *
     * @return the specification
     * @throws IllegalArgumentException if a number is out of range, or scale, mean and std
     *     contradict each other
     */
    public InputSpec build() {
      return new InputSpec(this);
    }
  }
}
