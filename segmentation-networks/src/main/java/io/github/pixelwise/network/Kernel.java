package io.github.pixelwise.network;

/**
 * The window of a convolution.
 *
 * @param horizontal its extent along the width
 * @param vertical its extent along the height
 * @param groups the number of groups of channels
 * @param bias whether each output channel has a bias
 */
public record Kernel(Axis horizontal, Axis vertical, int groups, boolean bias) {
  /**
   * A window's extent along one axis.
   *
   * @param size the number of weights
   * @param stride the distance between output nodes, in input nodes
   * @param before the number of zeros added before the input
   * @param after the number of zeros added after the input
   * @param dilation the distance between weights, in input nodes
   */
  public record Axis(int size, int stride, int before, int after, int dilation) {
    /**
     * Creates an axis.
     *
     * @param size the number of weights
     * @param stride the distance between output nodes, in input nodes
     * @param before the number of zeros added before the input
     * @param after the number of zeros added after the input
     * @param dilation the distance between weights, in input nodes
     * @throws IllegalArgumentException if a number is out of range
     */
    public Axis {
      if (size < 1 || stride < 1 || before < 0 || after < 0 || dilation < 1) {
        throw new IllegalArgumentException(
            "a kernel needs a size, stride and dilation of at least 1 and a padding of at least 0, found size %d, stride %d, padding %d and %d, dilation %d"
                .formatted(size, stride, before, after, dilation));
      }
    }

    /** {@return whether both ends of the input have the same padding} */
    public boolean isSymmetric() {
      return before == after;
    }

    /** The side of a convolution's output, PyTorch's {@code Conv2d}. */
    int outputSide(int side) {
      int over = side + before + after - dilation * (size - 1) - 1;
      if (over < 0) {
        throw new IllegalArgumentException(
            "a kernel of size %d with dilation %d and padding %s does not fit an input side of %d"
                .formatted(
                    size, dilation, isSymmetric() ? before : before + " and " + after, side));
      }
      return over / stride + 1;
    }

    /** The side of a transposed convolution's output, PyTorch's {@code ConvTranspose2d}. */
    int transposedSide(int side) {
      return (side - 1) * stride - before - after + dilation * (size - 1) + 1;
    }
  }

  /**
   * Creates a kernel.
   *
   * @param horizontal its extent along the width
   * @param vertical its extent along the height
   * @param groups the number of groups of channels
   * @param bias whether each output channel has a bias
   * @throws IllegalArgumentException if the number of groups is below 1
   */
  public Kernel {
    if (groups < 1) {
      throw new IllegalArgumentException(
          "a kernel needs at least 1 group of channels, found " + groups);
    }
  }

  /**
   * Returns a square kernel that keeps the input's size: stride 1, padded on all sides, no bias.
   *
   * @param size the number of weights along a side, odd
   * @return the kernel
   */
  public static Kernel of(int size) {
    return square(new Axis(size, 1, size / 2, size / 2, 1));
  }

  private static Kernel square(Axis axis) {
    return new Kernel(axis, axis, 1, false);
  }

  private Kernel with(Axis across, Axis down) {
    return new Kernel(across, down, groups, bias);
  }

  private static Axis stride(Axis axis, int stride) {
    return new Axis(axis.size, stride, axis.before, axis.after, axis.dilation);
  }

  private static Axis padding(Axis axis, int padding) {
    return new Axis(axis.size, axis.stride, padding, padding, axis.dilation);
  }

  private static Axis dilation(Axis axis, int dilation) {
    int padding = dilation * (axis.size / 2);
    return new Axis(axis.size, axis.stride, padding, padding, dilation);
  }

  /**
   * Returns this kernel with a different stride along both axes.
   *
   * @param stride the stride
   * @return the new kernel
   */
  public Kernel stride(int stride) {
    return with(stride(horizontal, stride), stride(vertical, stride));
  }

  /**
   * Returns this kernel with a different padding on all sides.
   *
   * @param padding the padding
   * @return the new kernel
   */
  public Kernel padding(int padding) {
    return with(padding(horizontal, padding), padding(vertical, padding));
  }

  /**
   * Returns this kernel with a dilation along both axes, padded to keep the input's size.
   *
   * @param dilation the dilation
   * @return the new kernel
   */
  public Kernel dilation(int dilation) {
    return with(dilation(horizontal, dilation), dilation(vertical, dilation));
  }

  /**
   * Returns this kernel with a different number of groups.
   *
   * @param groups the number of groups
   * @return the new kernel
   */
  public Kernel groups(int groups) {
    return new Kernel(horizontal, vertical, groups, bias);
  }

  /**
   * Returns this kernel with a bias.
   *
   * @return the new kernel
   */
  public Kernel withBias() {
    return new Kernel(horizontal, vertical, groups, true);
  }

  /** {@return whether opposite sides of the input have the same padding} */
  public boolean isSymmetric() {
    return horizontal.isSymmetric() && vertical.isSymmetric();
  }

  /** The number of weights of one channel. */
  long nodes() {
    return (long) horizontal.size * vertical.size;
  }

  /** The shape of a convolution's output, with another number of channels. */
  Shape output(Shape input, int channels) {
    return new Shape(
        channels, horizontal.outputSide(input.width()), vertical.outputSide(input.height()));
  }

  /** The shape of a transposed convolution's output. */
  Shape transposed(Shape input, int channels) {
    return new Shape(
        channels,
        horizontal.transposedSide(input.width()),
        vertical.transposedSide(input.height()));
  }
}
