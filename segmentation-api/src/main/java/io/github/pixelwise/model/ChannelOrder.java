package io.github.pixelwise.model;

/** The order of an input's color channels. */
public enum ChannelOrder {
  /** Red, green, blue. */
  RGB,
  /** Blue, green, red, as OpenCV reads images. */
  BGR
}
