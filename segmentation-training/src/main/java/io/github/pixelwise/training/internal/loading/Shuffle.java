package io.github.pixelwise.training.internal.loading;

import java.util.random.RandomGenerator;

/** Deals numbers in a random order, and again in another one when all are dealt. */
public final class Shuffle {
  private final int[] numbers;
  private final RandomGenerator random;
  private int next;

  public Shuffle(int[] numbers, RandomGenerator random) {
    this.numbers = numbers.clone();
    this.random = random;
    this.next = numbers.length;
  }

  public int next() {
    if (next == numbers.length) {
      shuffle();
      next = 0;
    }
    return numbers[next++];
  }

  private void shuffle() {
    for (int i = numbers.length; i > 1; i--) {
      int other = (int) (random.nextDouble() * i);
      int number = numbers[i - 1];
      numbers[i - 1] = numbers[other];
      numbers[other] = number;
    }
  }
}
