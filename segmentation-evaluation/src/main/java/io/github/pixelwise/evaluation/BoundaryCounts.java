package io.github.pixelwise.evaluation;

/** What was counted along the boundaries of one image, or of several. */
final class BoundaryCounts {}
