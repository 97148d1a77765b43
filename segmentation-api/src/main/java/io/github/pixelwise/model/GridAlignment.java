package io.github.pixelwise.model;

/** How the nodes of an output grid lie on the input. */
public enum GridAlignment {
  /** Nodes are centers of equal cells: {@code align_corners=False} in PyTorch. */
  HALF_PIXEL,
  /** The first and last node lie on the first and last pixel: {@code align_corners=True}. */
  ALIGNED_CORNERS
}
