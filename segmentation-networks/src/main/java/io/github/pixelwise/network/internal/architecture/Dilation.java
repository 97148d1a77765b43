package io.github.pixelwise.network.internal.architecture;

/**
 * The dilation of a block's 3x3 convolution, where strides are replaced by dilation to keep a fine
 * grid.
 */
interface Dilation {
  /** As in torchvision: the first block of a stage keeps the dilation of the previous stage. */
  Dilation AFTER_FIRST_BLOCK = (stage, block, before, rate) -> block == 0 ? before : rate;

  /**
   * Returns the dilation of a block's 3x3 convolution.
   *
   * @param stage the stage, starting at 1
   * @param block the block in its stage, starting at 0
   * @param before the dilation rate of the previous stage
   * @param rate the dilation rate including this stage's stride, if it was replaced by dilation
   */
  int of(int stage, int block, int before, int rate);
}
