package io.github.pixelwise.testkit;

/**
 * Something that an engine cannot do by its nature, declared by its tests in {@link
 * BackendConformance#limits BackendConformance.limits()} and {@link CardConformance#limits}. Cases
 * that a limit excludes are skipped, and the report names the limit.
 */
public enum Limit {
  /**
   * A network takes inputs of the one shape for which it was made. The fixtures are made for
   * batches of one image, and their cards have a size of the kind {@code fixed}; in {@link
   * CardConformance} they are made for inputs of 32 x 24 pixels.
   */
  FIXED_SHAPES,

  /**
   * Numbers have 11 significant bits, so that scores that nearly tie may change places. Scores are
   * compared with a tolerance of 0.01 unless {@link BackendConformance#tolerance
   * BackendConformance.tolerance()} says otherwise, and in {@link CardConformance} one pixel in a
   * hundred may be of another class.
   */
  HALF_PRECISION,

  /** Tensors are plane by plane (NCHW) only. */
  NO_CHANNELS_LAST,

  /** A run takes one image. */
  NO_BATCHES,

  /** A network has one output. */
  ONE_OUTPUT,

  /** A network gives scores and cannot decide the class itself. */
  NO_CATEGORIES
}
