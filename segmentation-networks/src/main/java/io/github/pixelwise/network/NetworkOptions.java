package io.github.pixelwise.network;

import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.SizeRule;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/** What a network can be varied in. What is left empty is as the network was published. */
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
    if (classes < 1 || classes > MAX_CLASSES) {
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
   * A network as published, for a number of classes.
   *
   * @param classes the number of classes, 1 to 65,535
   * @return the options
   * @throws IllegalArgumentException if the number is out of range
   */
  public static NetworkOptions ofClasses(int classes) {
    return new NetworkOptions(classes, 1, OptionalInt.empty(), Optional.empty());
  }

  /**
   * These options with another width.
   *
   * @param width the factor on the numbers of channels, above 0 and at most 8
   * @return the new options
   * @throws IllegalArgumentException if the width is out of range
   */
  public NetworkOptions withWidth(double width) {
    return new NetworkOptions(classes, width, outputStride, size);
  }

  /**
   * These options with another output stride.
   *
   * @param stride 8 or 16
   * @return the new options
   * @throws IllegalArgumentException if it is another number
   */
  public NetworkOptions withOutputStride(int stride) {
    return new NetworkOptions(classes, width, OptionalInt.of(stride), size);
  }

  /**
   * These options with another size of the input. With sides that are multiples of a number, grids
   * have constant factors; with a fixed size, every shape is known.
   *
   * @param size the size
   * @return the new options
   */
  public NetworkOptions withSize(SizeRule size) {
    return new NetworkOptions(classes, width, outputStride, Optional.of(size));
  }

  /** The number of channels of this width, where the published network has that many. */
  int channels(int published) {
    return Widths.scaled(published, width);
  }

  /** An RGB input as ImageNet's classifiers take it, on which most networks were begun. */
  Layer photograph(SizeRule own) {
    return Layer.input(3, InputSpec.builder("input", sizeOr(own)).imageNet().build());
  }

  SizeRule sizeOr(SizeRule own) {
    return size.orElse(own);
  }

  /** {@return the number of classes, 1 to 65,535} */
  public int classes() {
    return classes;
  }

  /** {@return the factor on the numbers of channels, above 0 and at most 8; 1 as published} */
  public double width() {
    return width;
  }

  /**
   * {@return the stride of the encoder's last grid on the input, 8 or 16; empty for the network's
   * own}
   */
  public OptionalInt outputStride() {
    return outputStride;
  }

  /** {@return the input's size; empty for the network's own} */
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
