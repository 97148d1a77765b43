package io.github.pixelwise.network;

/**
 * The shape of a layer's output for one image.
 *
 * @param channels the number of channels, at least 1
 * @param width the width in grid nodes, at least 1
 * @param height the height in grid nodes, at least 1
 */
public record Shape(int channels, int width, int height) {
  /**
   * Creates a shape.
   *
   * @param channels the number of channels, at least 1
   * @param width the width in grid nodes, at least 1
   * @param height the height in grid nodes, at least 1
   * @throws IllegalArgumentException if a number is below 1
   */
  public Shape {
    if (channels < 1 || width < 1 || height < 1) {
      throw new IllegalArgumentException(
          "channels and sides must be at least 1, found " + describe(channels, width, height));
    }
  }

  Shape withChannels(int number) {
    return new Shape(number, width, height);
  }

  boolean sameSides(Shape other) {
    return width == other.width && height == other.height;
  }

  boolean isSingleNode() {
    return width == 1 && height == 1;
  }

  long nodes() {
    return (long) width * height;
  }

  /** Returns the shape in the order of the tensor's axes: channels x height x width. */
  @Override
  public String toString() {
    return describe(channels, width, height);
  }

  private static String describe(int channels, int width, int height) {
    return channels + " x " + height + " x " + width;
  }
}
