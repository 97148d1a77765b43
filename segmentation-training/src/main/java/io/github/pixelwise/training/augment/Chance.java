package io.github.pixelwise.training.augment;

import java.util.random.RandomGenerator;

/** A number that is drawn for a share of the photos. */
record Chance(Range range, double probability) {
  static final Chance NEVER = new Chance(Range.ZERO, 0);

  /** The number, or 0 for photos that get none. */
  double draw(RandomGenerator random) {
    return random.nextDouble() < probability ? range.draw(random) : 0;
  }
}
