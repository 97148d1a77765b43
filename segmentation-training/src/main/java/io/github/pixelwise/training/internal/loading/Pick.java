package io.github.pixelwise.training.internal.loading;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * A sample that was picked for a place in an epoch.
 *
 * @param sample its index in the data set
 * @param epoch the epoch, from 0
 * @param place the place in the epoch's order, from 0
 */
public record Pick(int sample, int epoch, int place) {
  /** The generator of its augmentation: the same for the same seed, epoch and place. */
  public RandomGenerator random(long seed) {
    return generator(seed, epoch, place);
  }

  /** A generator that has nothing in common with those of other seeds and numbers. */
  public static RandomGenerator generator(long seed, long... numbers) {
    long state = new SplittableRandom(seed).nextLong();
    for (long number : numbers) {
      state = new SplittableRandom(state + number).nextLong();
    }
    return new SplittableRandom(state);
  }
}
