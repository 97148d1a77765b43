package io.github.pixelwise.network;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Arithmetic on tensors and changes of their size, most of it found in networks from other formats
 * only. Each kind matches the PyTorch function named in its documentation.
 */
public sealed interface TensorOperation extends Operation {
  /**
   * Numbers of the network itself, which do not depend on the image. They are a parameter.
   *
   * @param shape the shape
   */
  record Constant(Shape shape) implements TensorOperation {
    /**
     * Creates numbers.
     *
     * @param shape the shape
     */
    public Constant {
      Objects.requireNonNull(shape, "shape");
    }

    @Override
    public Shape shape(List<Shape> inputs) {
      return shape;
    }

    @Override
    public List<Parameter> parameters(String layer, Shape input) {
      List<Integer> lengths = List.of(1, shape.channels(), shape.height(), shape.width());
      return List.of(new Parameter(layer + ".value", lengths, true));
    }

    @Override
    public <R> R accept(OperationVisitor<R> visitor) {
      return visitor.constant(this);
    }
  }

  /**
   * The sum of two inputs. A channel or side of length 1 of the second is repeated to the length of
   * the first.
   */
  record Add() implements TensorOperation {
    @Override
    public Shape shape(List<Shape> inputs) {
      return repeated("add", inputs);
    }

    @Override
    public <R> R accept(OperationVisitor<R> visitor) {
      return visitor.add(this);
    }
  }

  /**
   * The product of two inputs. A channel or side of length 1 of the second is repeated to the
   * length of the first.
   */
  record Multiply() implements TensorOperation {
    @Override
    public Shape shape(List<Shape> inputs) {
      return repeated("multiply", inputs);
    }

    @Override
    public <R> R accept(OperationVisitor<R> visitor) {
      return visitor.multiply(this);
    }
  }

  /** {@code cat} along the channels. */
  record Concatenate() implements TensorOperation {
    @Override
    public Shape shape(List<Shape> inputs) {
      Shape first = inputs.get(0);
      int channels = 0;
      for (Shape input : inputs) {
        if (!input.sameSides(first)) {
          throw new IllegalArgumentException(
              "cannot concatenate " + first + " and " + input + ": their sides differ");
        }
        channels += input.channels();
      }
      return first.withChannels(channels);
    }

    @Override
    public <R> R accept(OperationVisitor<R> visitor) {
      return visitor.concatenate(this);
    }
  }

  /**
   * The difference of two inputs. A channel or side of length 1 is repeated to the length of the
   * other input.
   */
  record Subtract() implements TensorOperation {
    @Override
    public Shape shape(List<Shape> inputs) {
      Shape first = inputs.get(0);
      Shape second = inputs.get(1);
      return new Shape(
          common(first.channels(), second.channels(), inputs),
          common(first.width(), second.width(), inputs),
          common(first.height(), second.height(), inputs));
    }

    private static int common(int first, int second, List<Shape> inputs) {
      if (first != second && first != 1 && second != 1) {
        throw new IllegalArgumentException(
            "cannot subtract %s and %s: channels and sides must be equal or 1"
                .formatted(inputs.get(0), inputs.get(1)));
      }
      return Math.max(first, second);
    }

    @Override
    public <R> R accept(OperationVisitor<R> visitor) {
      return visitor.subtract(this);
    }
  }

  /**
   * {@code clamp}: numbers outside a range become its nearest end.
   *
   * @param low the lowest number
   * @param high the highest number
   */
  record Clip(float low, float high) implements TensorOperation {
    /**
     * Creates a clip.
     *
     * @param low the lowest number
     * @param high the highest number
     * @throws IllegalArgumentException if they are not finite or not in this order
     */
    public Clip {
      if (!(Float.isFinite(low) && Float.isFinite(high) && low <= high)) {
        throw new IllegalArgumentException(
            "a range must have two finite ends in order, found %s and %s".formatted(low, high));
      }
    }

    @Override
    public Shape shape(List<Shape> inputs) {
      return inputs.get(0);
    }

    @Override
    public <R> R accept(OperationVisitor<R> visitor) {
      return visitor.clip(this);
    }
  }

  /** {@code PReLU}: negative numbers are multiplied by a parameter of their channel. */
  record PRelu() implements TensorOperation {
    @Override
    public Shape shape(List<Shape> inputs) {
      return inputs.get(0);
    }

    @Override
    public List<Parameter> parameters(String layer, Shape input) {
      return List.of(new Parameter(layer + ".weight", List.of(input.channels()), true));
    }

    @Override
    public <R> R accept(OperationVisitor<R> visitor) {
      return visitor.prelu(this);
    }
  }

  /**
   * {@code pad}: numbers are added around the input.
   *
   * @param left the number of columns before the first one
   * @param right the number of columns after the last one
   * @param top the number of rows before the first one
   * @param bottom the number of rows after the last one
   * @param channels the number of channels after the last one
   * @param fill the numbers
   */
  record Pad(int left, int right, int top, int bottom, int channels, Fill fill)
      implements TensorOperation {
    /** The numbers that are added. */
    public enum Fill {
      /** Zeros. */
      ZERO,
      /** The nearest number of the input. */
      EDGE,
      /** The input's mirror image, without its edge. */
      REFLECT
    }

    /**
     * Creates a padding.
     *
     * @param left the number of columns before the first one
     * @param right the number of columns after the last one
     * @param top the number of rows before the first one
     * @param bottom the number of rows after the last one
     * @param channels the number of channels after the last one
     * @param fill the numbers
     * @throws IllegalArgumentException if a number is negative, or channels are added that are not
     *     zeros
     */
    public Pad {
      Objects.requireNonNull(fill, "fill");
      if (left < 0 || right < 0 || top < 0 || bottom < 0 || channels < 0) {
        throw new IllegalArgumentException(
            "a padding must be at least 0, found left %d, right %d, top %d, bottom %d, channels %d"
                .formatted(left, right, top, bottom, channels));
      }
      if (channels > 0 && fill != Fill.ZERO) {
        throw new IllegalArgumentException("only channels of zeros can be added, found " + fill);
      }
    }

    @Override
    public Shape shape(List<Shape> inputs) {
      Shape input = inputs.get(0);
      if (fill == Fill.REFLECT
          && (Math.max(left, right) >= input.width() || Math.max(top, bottom) >= input.height())) {
        throw new IllegalArgumentException(
            "a reflected padding must be smaller than the input, found left %d, right %d, top %d, bottom %d for %s"
                .formatted(left, right, top, bottom, input));
      }
      return new Shape(
          Math.addExact(input.channels(), channels),
          Math.addExact(input.width(), Math.addExact(left, right)),
          Math.addExact(input.height(), Math.addExact(top, bottom)));
    }

    @Override
    public <R> R accept(OperationVisitor<R> visitor) {
      return visitor.pad(this);
    }
  }

  /**
   * {@code interpolate} to a given size.
   *
   * @param width the new width
   * @param height the new height
   * @param sampling how numbers are interpolated
   */
  record Resize(int width, int height, Sampling sampling) implements TensorOperation {
    /** How numbers are interpolated. */
    public enum Sampling {
      /** Bilinearly, where nodes are centers of cells. */
      HALF_PIXEL,
      /** Bilinearly, where the first and last nodes of both grids coincide. */
      ALIGNED_CORNERS,
      /** Not at all: node x of n is node floor(x * m / n) of the input's m nodes. */
      NEAREST
    }

    /**
     * Creates a resizing.
     *
     * @param width the new width, at least 1
     * @param height the new height, at least 1
     * @param sampling how numbers are interpolated
     * @throws IllegalArgumentException if a side is below 1
     */
    public Resize {
      Objects.requireNonNull(sampling, "sampling");
      if (width < 1 || height < 1) {
        throw new IllegalArgumentException(
            "the new sides must be at least 1, found %d x %d".formatted(width, height));
      }
    }

    @Override
    public Shape shape(List<Shape> inputs) {
      return new Shape(inputs.get(0).channels(), width, height);
    }

    @Override
    public <R> R accept(OperationVisitor<R> visitor) {
      return visitor.resize(this);
    }
  }

  /**
   * {@code AdaptiveAvgPool2d}: the mean of each cell of a coarse grid over the whole input. Cell i
   * of n covers the nodes from floor(i * m / n) to ceil((i + 1) * m / n) - 1 of m.
   *
   * @param side the side of the coarse grid, at least 1
   */
  record AdaptiveAveragePool(int side) implements TensorOperation {
    /**
     * Creates a pool.
     *
     * @param side the side of the coarse grid, at least 1
     * @throws IllegalArgumentException if it is below 1
     */
    public AdaptiveAveragePool {
      if (side < 1) {
        throw new IllegalArgumentException(
            "the side of an adaptive pool's grid must be at least 1, found " + side);
      }
    }

    @Override
    public Shape shape(List<Shape> inputs) {
      return new Shape(inputs.get(0).channels(), side, side);
    }

    /**
     * Returns the share of each node of one axis in the mean of each cell.
     *
     * @param length the number of the input's nodes
     * @return side x length numbers, one row for each cell
     */
    public float[] shares(int length) {
      float[] shares = new float[side * length];
      for (int cell = 0; cell < side; cell++) {
        int start = cell * length / side;
        int end = ((cell + 1) * length + side - 1) / side;
        Arrays.fill(shares, cell * length + start, cell * length + end, 1f / (end - start));
      }
      return shares;
    }

    @Override
    public <R> R accept(OperationVisitor<R> visitor) {
      return visitor.adaptiveAveragePool(this);
    }
  }

  private static Shape repeated(String what, List<Shape> inputs) {
    Shape first = inputs.get(0);
    Shape second = inputs.get(1);
    if (!isRepeated(second.channels(), first.channels())
        || !isRepeated(second.width(), first.width())
        || !isRepeated(second.height(), first.height())) {
      throw new IllegalArgumentException(
          "cannot %s %s and %s: channels and sides must be equal, or those of the second must be 1"
              .formatted(what, first, second));
    }
    return first;
  }

  private static boolean isRepeated(int length, int to) {
    return length == to || length == 1;
  }
}
