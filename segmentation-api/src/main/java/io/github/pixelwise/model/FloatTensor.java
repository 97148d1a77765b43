package io.github.pixelwise.model;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * An immutable dense array of floats in row-major order (the last axis varies fastest), on the
 * heap, compared by content.
 */
public final class FloatTensor {
  private final int[] shape;
  private final float[] values;

  private FloatTensor(int[] shape, float[] values) {
    int expected = 1;
    try {
      for (int side : shape) {
        if (side < 1) {
          throw new IllegalArgumentException(
              "every side of a tensor must be at least 1, found " + describe(shape));
        }
        expected = Math.multiplyExact(expected, side);
      }
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(
          "a tensor of " + describe(shape) + " does not fit an array", e);
    }
    if (values.length != expected) {
      throw new IllegalArgumentException(
          "a tensor of %s needs an array of %d, found %d"
              .formatted(describe(shape), expected, values.length));
    }
    this.shape = shape;
    this.values = values;
  }

  /**
   * Wraps an array of values without a copy. The array belongs to the tensor from then on: the
   * caller must not write to it again.
   *
   * @param values the values, row-major; as many as the product of the sides
   * @param shape the sides, outermost first, each at least 1
   * @return the tensor
   * @throws IllegalArgumentException if a side is below 1 or the array has the wrong length
   */
  public static FloatTensor of(float[] values, int... shape) {
    return new FloatTensor(shape.clone(), values);
  }

  /**
   * Copies an array of values.
   *
   * @param values the values, row-major; as many as the product of the sides
   * @param shape the sides, outermost first, each at least 1
   * @return the tensor
   * @throws IllegalArgumentException if a side is below 1 or the array has the wrong length
   */
  public static FloatTensor copyOf(float[] values, int... shape) {
    return new FloatTensor(shape.clone(), values.clone());
  }

  /**
   * Returns the number of axes.
   *
   * @return 0 for a scalar
   */
  public int rank() {
    return shape.length;
  }

  /**
   * Returns the length of one axis.
   *
   * @param axis the axis, 0 is the outermost
   * @return at least 1
   * @throws IndexOutOfBoundsException if there is no such axis
   */
  public int side(int axis) {
    return shape[axis];
  }

  /**
   * Returns the sides.
   *
   * @return a new array, outermost first
   */
  public int[] shape() {
    return shape.clone();
  }

  /**
   * Returns a view of the values without a copy.
   *
   * @return a new read-only buffer over all values, position 0
   */
  public FloatBuffer buffer() {
    return FloatBuffer.wrap(values).asReadOnlyBuffer();
  }

  /**
   * Returns a copy of the values.
   *
   * @return a new array, row-major
   */
  public float[] toFloatArray() {
    return values.clone();
  }

  /**
   * Returns the values of one of several images.
   *
   * @param index the image, counted from 0
   * @param images the number of images
   * @return its values: this tensor's own array if there is only one image
   */
  public float[] image(int index, int images) {
    int length = values.length / images;
    Objects.checkIndex(index, images);
    return images == 1 ? values : Arrays.copyOfRange(values, index * length, (index + 1) * length);
  }

  /**
   * Formats a shape for messages.
   *
   * @param shape the sides
   * @return for example {@code [1 x 3 x 513 x 513]}
   */
  public static String describe(int[] shape) {
    return IntStream.of(shape)
        .mapToObj(Integer::toString)
        .collect(Collectors.joining(" x ", "[", "]"));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FloatTensor that
        && Arrays.equals(shape, that.shape)
        && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(shape) + Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return "FloatTensor" + describe(shape);
  }
}
