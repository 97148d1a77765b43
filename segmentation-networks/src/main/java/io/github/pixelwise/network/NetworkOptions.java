package io.github.pixelwise.network;

import io.github.pixelwise.model.SizeRule;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/** Options of a network. Empty options use the published network's values. Immutable. */
public final class NetworkOptions {
  private static final int MAX_CLASSES = 65_535;
  private static final int MAX_WIDTH = 8;

  private final int classes;
  private final double width;
  private final OptionalInt outputStride;
  private final Optional<SizeRule> size;

  NetworkOptions(int classes, double width, OptionalInt outputStride, Optional<SizeRule> size) {
    Objects.requireNonNull(outputStride, "outputStride");
    Objects.requireNonNull(size, "size");
    if (!isClasses(classes)) {
      throw new IllegalArgumentException(
          "the number of classes must be 1 to %d, found %d".formatted(MAX_CLASSES, classes));
    }
    if (!(width > 0 && width <= MAX_WIDTH)) {
      throw new IllegalArgumentException(
          "the width must be above 0 and at most %d, found %s".formatted(MAX_WIDTH, width));
    }
    if (outputStride.isPresent() && outputStride.getAsInt() != 8 && outputStride.getAsInt() != 16) {
      throw new IllegalArgumentException(
          "the output stride must be 8 or 16, found " + outputStride.getAsInt());
    }
    this.classes = classes;
    this.width = width;
    this.outputStride = outputStride;
    this.size = size;
  }

  /**
   * Returns the options of the published network with a number of classes.
   *
   * @param classes the number of classes, 1 to 65,535
   * @return the options
   * @throws IllegalArgumentException if the number is out of range
   */
  public static NetworkOptions ofClasses(int classes) {
    return new NetworkOptions(classes, 1, OptionalInt.empty(), Optional.empty());
  }

  /**
   * Returns these options with a different width.
   *
   * @param width the factor applied to the numbers of channels, above 0 and at most 8
   * @return the new options
   * @throws IllegalArgumentException if the width is out of range
   */
  public NetworkOptions withWidth(double width) {
    return new NetworkOptions(classes, width, outputStride, size);
  }

  /**
   * Returns these options with a different output stride.
   *
   * @param stride 8 or 16
   * @return the new options
   * @throws IllegalArgumentException if it is neither 8 nor 16
   */
  public NetworkOptions withOutputStride(int stride) {
    return new NetworkOptions(classes, width, OptionalInt.of(stride), size);
  }

  /**
   * Returns these options with a different input size. If the sides are multiples of a number, the
   * factors between grids are constant; if the size is fixed, every shape is known.
   *
   * @param size the size
   * @return the new options
   */
  public NetworkOptions withSize(SizeRule size) {
    return new NetworkOptions(classes, width, outputStride, Optional.of(size));
  }

  /**
   * Scales the published network's number of channels to this width.
   *
   * @param published the number of channels as published
   * @return the number times the width, rounded to the nearest whole number, halves up, and at
   *     least 1
   */
  public int channels(int published) {
    return Math.max(1, (int) Math.floor(published * width + 0.5));
  }

  static boolean isClasses(int number) {
    return number >= 1 && number <= MAX_CLASSES;
  }

  /** {@return the number of classes, 1 to 65,535} */
  public int classes() {
    return classes;
  }

  /**
   * {@return the factor applied to the numbers of channels, above 0 and at most 8; 1 as published}
   */
  public double width() {
    return width;
  }

  /**
   * {@return the stride of the encoder's last grid in input pixels, 8 or 16; empty for the
   * network's default}
   */
  public OptionalInt outputStride() {
    return outputStride;
  }

  /** {@return the input size; empty for the network's default} */
  public Optional<SizeRule> size() {
    return size;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NetworkOptions that
        && classes == that.classes
        && Double.compare(width, that.width) == 0
        && outputStride.equals(that.outputStride)
        && size.equals(that.size);
  }

  @Override
  public int hashCode() {
    return Objects.hash(classes, width, outputStride, size);
  }

  @Override
  public String toString() {
    return "NetworkOptions[classes=%s, width=%s, outputStride=%s, size=%s]"
        .formatted(classes, width, outputStride, size);
  }
}
