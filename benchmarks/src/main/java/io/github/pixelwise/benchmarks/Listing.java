package io.github.pixelwise.benchmarks;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.SplittableRandom;
import java.util.function.IntSupplier;

/**
 * A listing of photos of random sizes, cut into splits. Only one split is held at a time. Sizes are
 * kilobytes of 1,000 bytes.
 */
final class Listing implements Iterator<Listing.Split> {
  /** One photo in a thousand is huge: 80 times the average. */
  private static final int HUGE_ONE_IN = 1000;

  private static final int HUGE = 80;

  /** The standard deviation of the logarithm of the other sizes: 1 % are above 10 MB. */
  private static final double SIGMA = 0.8;

  /** How large the photos are, and in which order they are listed. */
  enum Sizes {
    EQUAL,
    /** Log-normal with a few huge photos, in random order. */
    SKEWED,
    /** The same photos as the skewed ones, the largest last. */
    SORTED
  }

  /** What one task does. */
  record Split(int photos, long kilobytes) {}

  private final long maxKilobytes;
  private final int maxPhotos;
  private final IntSupplier sizes;
  private long unlisted;
  private int next;

  /**
   * Lists photos.
   *
   * @param mean the average size
   * @param maxKilobytes the most a split holds; a larger photo is a split of its own
   * @param maxPhotos the most photos in a split
   */
  Listing(Sizes sizes, int photos, int mean, long maxKilobytes, int maxPhotos, long seed) {
    this.maxKilobytes = maxKilobytes;
    this.maxPhotos = maxPhotos;
    this.sizes =
        switch (sizes) {
          case EQUAL -> () -> mean;
          case SKEWED -> skewed(mean, seed);
          case SORTED -> sorted(skewed(mean, seed), photos, HUGE * mean);
        };
    unlisted = photos;
    next = this.sizes.getAsInt();
  }

  private static IntSupplier skewed(int mean, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double others = mean * (HUGE_ONE_IN - HUGE) / (HUGE_ONE_IN - 1.0);
    double median = others * Math.exp(-SIGMA * SIGMA / 2);
    return () ->
        random.nextInt(HUGE_ONE_IN) == 0
            ? HUGE * mean
            : (int)
                Math.min(HUGE * mean, Math.ceil(median * Math.exp(SIGMA * random.nextGaussian())));
  }

  /** Sorts by counting the photos of each size. */
  private static IntSupplier sorted(IntSupplier sizes, int photos, int largest) {
    int[] counts = new int[largest + 1];
    for (int i = 0; i < photos; i++) {
      counts[sizes.getAsInt()]++;
    }
    return new IntSupplier() {
      private int size;

      @Override
      public int getAsInt() {
        while (size < largest && counts[size] == 0) {
          size++;
        }
        counts[size]--;
        return size;
      }
    };
  }

  @Override
  public boolean hasNext() {
    return unlisted > 0;
  }

  @Override
  public Split next() {
    if (unlisted == 0) {
      throw new NoSuchElementException();
    }
    int photos = 0;
    long kilobytes = 0;
    do {
      photos++;
      kilobytes += next;
      unlisted--;
      next = unlisted > 0 ? sizes.getAsInt() : 0;
    } while (unlisted > 0 && photos < maxPhotos && kilobytes + next <= maxKilobytes);
    return new Split(photos, kilobytes);
  }
}
