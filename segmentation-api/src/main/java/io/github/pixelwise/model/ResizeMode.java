package io.github.pixelwise.model;

/** How an image is fitted into the size that a {@link SizeRule} gives. */
public enum ResizeMode {
  /** Resized to exactly this size, even if that changes the proportions. */
  STRETCH,
  /** Resized in proportion, centered, the rest filled with the padding value. */
  LETTERBOX,
  /** Resized in proportion, placed at the top left, the rest filled with the padding value. */
  PAD
}
