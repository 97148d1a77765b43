package io.github.pixelwise;

/** The size of a mask. */
public enum OutputSize {
  /** The source image's. Pixels outside what the network saw are void. */
  SOURCE,
  /** The network input's, cropped and padded as that is, as the tutorials leave it. */
  MODEL
}
