package io.github.pixelwise.network;

/**
 * How far apart the weights of a block's 3x3 convolution lie, where strides have become dilation so
 * that the grid stays fine.
 */
interface Dilation {
  /** torchvision's way: the first block of a stage still has the dilation of the stage before. */
  Dilation AFTER_FIRST_BLOCK = (stage, block, before, rate) -> block == 0 ? before : rate;

  /**
   * Returns the dilation of a block's 3x3 convolution.
   *
   * @param stage the stage, from 1
   * @param block the block in its stage, from 0
   * @param before the rate up to the stage before
   * @param rate the rate with this stage's own stride, if that became dilation
   */
  int of(int stage, int block, int before, int rate);
}
