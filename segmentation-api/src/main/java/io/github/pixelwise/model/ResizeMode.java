package io.github.pixelwise.model;

/** How an image is fitted into the size that a {@link SizeRule} gives. */
public enum ResizeMode {
  /** Resized to the input, its proportions changed where they differ. */
  STRETCH,
  /** Resized in proportion, centered, the rest filled with the padding value. */
  LETTERBOX,
  /** Resized in proportion, placed at the top left, the rest filled with the padding value. */
  PAD
}
