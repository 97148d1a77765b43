package io.github.pixelwise.network;

/**
 * The window of a convolution, square.
 *
 * @param size the weights along a side
 * @param stride the input nodes from one output node to the next
 * @param padding the zeros put around the input, on each side
 * @param dilation the input nodes from one weight to the next
 * @param groups the number of groups that channels are divided into
 * @param bias whether a number is added for each output channel
 */
public record Kernel(int size, int stride, int padding, int dilation, int groups, boolean bias) {
  /**
   * Creates a kernel.
   *
   * @param size the weights along a side
   * @param stride the input nodes from one output node to the next
   * @param padding the zeros put around the input, on each side
   * @param dilation the input nodes from one weight to the next
   * @param groups the number of groups that channels are divided into
   * @param bias whether a number is added for each output channel
   * @throws IllegalArgumentException if a number is out of range
   */
  public Kernel {
    if (size < 1 || stride < 1 || padding < 0 || dilation < 1 || groups < 1) {
      throw new IllegalArgumentException(
          "a kernel has size, stride, dilation and groups of at least 1 and no negative padding,"
              + " found size %d, stride %d, padding %d, dilation %d, groups %d"
                  .formatted(size, stride, padding, dilation, groups));
    }
  }

  /**
   * A kernel that keeps the input's size: stride 1, padded all around, no bias.
   *
   * @param size the weights along a side, odd
   * @return the kernel
   */
  public static Kernel of(int size) {
    return new Kernel(size, 1, size / 2, 1, 1, false);
  }

  /**
   * This kernel with another stride.
   *
   * @param stride the stride
   * @return the new kernel
   */
  public Kernel stride(int stride) {
    return new Kernel(size, stride, padding, dilation, groups, bias);
  }

  /**
   * This kernel with another padding.
   *
   * @param padding the padding
   * @return the new kernel
   */
  public Kernel padding(int padding) {
    return new Kernel(size, stride, padding, dilation, groups, bias);
  }

  /**
   * This kernel dilated, and padded so that the input keeps its size.
   *
   * @param dilation the dilation
   * @return the new kernel
   */
  public Kernel dilation(int dilation) {
    return new Kernel(size, stride, dilation * (size / 2), dilation, groups, bias);
  }

  /**
   * This kernel with another number of groups.
   *
   * @param groups the number of groups
   * @return the new kernel
   */
  public Kernel groups(int groups) {
    return new Kernel(size, stride, padding, dilation, groups, bias);
  }

  /**
   * This kernel with a bias.
   *
   * @return the new kernel
   */
  public Kernel withBias() {
    return new Kernel(size, stride, padding, dilation, groups, true);
  }

  /** The side of a convolution's output, PyTorch's {@code Conv2d}. */
  int outputSide(int side) {
    int over = side + 2 * padding - dilation * (size - 1) - 1;
    if (over < 0) {
      throw new IllegalArgumentException(
          "a kernel of %d with dilation %d and padding %d does not fit into a side of %d"
              .formatted(size, dilation, padding, side));
    }
    return over / stride + 1;
  }

  /** The side of a transposed convolution's output, PyTorch's {@code ConvTranspose2d}. */
  int transposedSide(int side) {
    return (side - 1) * stride - 2 * padding + dilation * (size - 1) + 1;
  }
}
