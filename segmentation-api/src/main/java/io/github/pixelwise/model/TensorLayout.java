package io.github.pixelwise.model;

/** The order of a tensor's axes: N images, C channels, H rows, W columns. */
public enum TensorLayout {
  /** Channel by channel, as in PyTorch. */
  NCHW,
  /** Pixel by pixel, as in TensorFlow. */
  NHWC
}
