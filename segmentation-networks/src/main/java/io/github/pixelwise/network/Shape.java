package io.github.pixelwise.network;

import io.github.pixelwise.model.SizeRule;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The shape of a layer's output for one image.
 *
 * @param channels the number of channels, at least 1
 * @param width the width in grid nodes, at least 1
 * @param height the height in grid nodes, at least 1
 */
public record Shape(int channels, int width, int height) {
  /** Enough successive sides to cover every remainder for strides up to 32. */
  private static final int REMAINDERS = 32;

  /** The shortest side checked; networks may reject shorter ones. */
  private static final int SHORTEST_PROBE = 64;

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

  /** The sizes of input for which layers are checked. */
  static List<Shape> probes(SizeRule size) {
    if (size.kind() == SizeRule.Kind.FIXED) {
      return List.of(new Shape(1, size.width(), size.height()));
    }
    int first = ceilDiv(SHORTEST_PROBE - size.remainder(), size.multiple());
    int[] sides =
        IntStream.rangeClosed(first, first + REMAINDERS)
            .map(k -> k * size.multiple() + size.remainder())
            .toArray();
    // Then both sides are longer, as 64 to 95 all are two whole strides of 32.
    return Stream.concat(
            IntStream.range(0, REMAINDERS)
                .mapToObj(i -> new Shape(1, sides[i], sides[REMAINDERS - 1 - i])),
            Stream.of(new Shape(1, sides[REMAINDERS], sides[REMAINDERS])))
        .toList();
  }

  /** How many times wider and higher shapes are than others, if that is always the same. */
  static OptionalInt factor(List<Shape> shapes, List<Shape> others) {
    int factor = shapes.get(0).width / others.get(0).width;
    for (int i = 0; i < shapes.size(); i++) {
      Shape other = others.get(i);
      if (shapes.get(i).width != factor * other.width
          || shapes.get(i).height != factor * other.height) {
        return OptionalInt.empty();
      }
    }
    return OptionalInt.of(factor);
  }

  /** The stride of this grid on an image of that width, if it has one. */
  int strideIn(Shape image) {
    return ceilDiv(image.width, width);
  }

  /** Whether every side is the image's side divided by the stride, rounded up. */
  boolean follows(Shape image, int stride) {
    return ceilDiv(image.width, stride) == width && ceilDiv(image.height, stride) == height;
  }

  private static int ceilDiv(int number, int divisor) {
    return -Math.floorDiv(-number, divisor);
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
