package io.github.pixelwise.testkit;

/**
 * Something that an engine cannot do by design, declared by its tests in {@link
 * BackendConformance#limits BackendConformance.limits()} and {@link CardConformance#limits}. Cases
 * that a limit excludes are skipped, and the report names the limit.
 */
public enum Limit {
  /**
   * A network takes only inputs of the shape that it was made for. The fixtures are made for
   * batches of one image, and their cards have a {@code fixed} size; in {@link CardConformance}
   * they are made for inputs of 32 x 24 pixels.
   */
  FIXED_SHAPES,

  /**
   * Numbers have 11 significant bits, so the order of scores that nearly tie may change. Scores are
   * compared with a tolerance of 0.01 unless {@link BackendConformance#tolerance
   * BackendConformance.tolerance()} says otherwise, and in {@link CardConformance} one pixel in a
   * hundred may have another class.
   */
  HALF_PRECISION,

  /** Tensors are always plane by plane (NCHW). */
  NO_CHANNELS_LAST,

  /** A run takes only one image. */
  NO_BATCHES,

  /** A network has only one output. */
  ONE_OUTPUT,

  /** A network gives scores and cannot decide the class itself. */
  NO_CATEGORIES
}
