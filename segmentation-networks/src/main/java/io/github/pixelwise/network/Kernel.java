package io.github.pixelwise.network;

/**
 * The square window of a convolution.
 *
 * @param size the number of weights along a side
 * @param stride the distance between output nodes, in input nodes
 * @param padding the number of zeros added on each side of the input
 * @param dilation the distance between weights, in input nodes
 * @param groups the number of groups of channels
 * @param bias whether each output channel has a bias
 */
public record Kernel(int size, int stride, int padding, int dilation, int groups, boolean bias) {
  /**
   * Creates a kernel.
   *
   * @param size the number of weights along a side
   * @param stride the distance between output nodes, in input nodes
   * @param padding the number of zeros added on each side of the input
   * @param dilation the distance between weights, in input nodes
   * @param groups the number of groups of channels
   * @param bias whether each output channel has a bias
   * @throws IllegalArgumentException if a number is out of range
   */
  public Kernel {
    if (size < 1 || stride < 1 || padding < 0 || dilation < 1 || groups < 1) {
      throw new IllegalArgumentException(
          "a kernel needs a size, stride, dilation and groups of at least 1 and a padding of at least 0, found size %d, stride %d, padding %d, dilation %d, groups %d"
              .formatted(size, stride, padding, dilation, groups));
    }
  }

  /**
   * Returns a kernel that keeps the input's size: stride 1, padded on all sides, no bias.
   *
   * @param size the number of weights along a side, odd
   * @return the kernel
   */
  public static Kernel of(int size) {
    return new Kernel(size, 1, size / 2, 1, 1, false);
  }

  /**
   * Returns this kernel with a different stride.
   *
   * @param stride the stride
   * @return the new kernel
   */
  public Kernel stride(int stride) {
    return new Kernel(size, stride, padding, dilation, groups, bias);
  }

  /**
   * Returns this kernel with a different padding.
   *
   * @param padding the padding
   * @return the new kernel
   */
  public Kernel padding(int padding) {
    return new Kernel(size, stride, padding, dilation, groups, bias);
  }

  /**
   * Returns this kernel with a dilation, padded to keep the input's size.
   *
   * @param dilation the dilation
   * @return the new kernel
   */
  public Kernel dilation(int dilation) {
    return new Kernel(size, stride, dilation * (size / 2), dilation, groups, bias);
  }

  /**
   * Returns this kernel with a different number of groups.
   *
   * @param groups the number of groups
   * @return the new kernel
   */
  public Kernel groups(int groups) {
    return new Kernel(size, stride, padding, dilation, groups, bias);
  }

  /**
   * Returns this kernel with a bias.
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
          "a kernel of size %d with dilation %d and padding %d does not fit an input side of %d"
              .formatted(size, dilation, padding, side));
    }
    return over / stride + 1;
  }

  /** The side of a transposed convolution's output, PyTorch's {@code ConvTranspose2d}. */
  int transposedSide(int side) {
    return (side - 1) * stride - 2 * padding + dilation * (size - 1) + 1;
  }
}
