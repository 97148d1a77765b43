package io.github.pixelwise.training.internal.loading;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The order in which samples are drawn. Any epoch's order follows from the seed alone.
 *
 * <p>An epoch has as many whole batches as there are samples for; the rest is left out, as with
 * PyTorch's {@code drop_last}, and is different in each epoch. If there are fewer samples than a
 * batch has, an epoch is one batch, in which samples are repeated.
 *
 * <p>Not safe for use by several threads.
 */
public final class Sampling {
  private final int samples;
  private final int batchSize;
  private final long seed;
  private final @Nullable ClassPresence classes;
  private int[] order = {};
  private int orderedEpoch = -1;

  private Sampling(int samples, int batchSize, long seed, @Nullable ClassPresence classes) {
    if (batchSize < 1) {
      throw new IllegalArgumentException("a batch must have at least 1 sample, found " + batchSize);
    }
    this.samples = samples;
    this.batchSize = batchSize;
    this.seed = seed;
    this.classes = classes;
  }

  /** Every epoch draws each sample once, in random order. */
  public static Sampling shuffled(int samples, int batchSize, long seed) {
    return new Sampling(samples, batchSize, seed, null);
  }

  /**
   * Draws samples so that rare classes come as often as frequent ones: class after class in random
   * order, of each one of the samples that have it, also in random order.
   *
   * @throws IllegalArgumentException if no class occurs
   */
  public static Sampling balanced(ClassPresence classes, int batchSize, long seed) {
    if (classes.occurring().length == 0) {
      throw new IllegalArgumentException(
          "samples cannot be balanced by class, because no mask has a class: all pixels are void");
    }
    return new Sampling(classes.samples(), batchSize, seed, classes);
  }

  /** The number of batches of every epoch, at least 1. */
  public int batches() {
    return Math.max(1, samples / batchSize);
  }

  /** The number of samples of every batch. */
  public int batchSize() {
    return batchSize;
  }

  /** One batch, both numbers from 0. */
  public List<Pick> batch(int epoch, int batch) {
    if (epoch != orderedEpoch) {
      order = order(Pick.generator(seed, epoch));
      orderedEpoch = epoch;
    }
    List<Pick> picks = new ArrayList<>();
    for (int place = batch * batchSize; place < (batch + 1) * batchSize; place++) {
      picks.add(new Pick(order[place], epoch, place));
    }
    return picks;
  }

  private int[] order(RandomGenerator random) {
    IntSupplier next =
        classes == null
            ? new Shuffle(IntStream.range(0, samples).toArray(), random)::next
            : balanced(classes, random);
    int[] drawn = new int[batches() * batchSize];
    Arrays.setAll(drawn, i -> next.getAsInt());
    return drawn;
  }

  private static IntSupplier balanced(ClassPresence classes, RandomGenerator random) {
    Shuffle categories = new Shuffle(classes.occurring(), random);
    Map<Integer, Shuffle> samples = new HashMap<>();
    return () ->
        samples
            .computeIfAbsent(
                categories.next(), category -> new Shuffle(classes.samplesWith(category), random))
            .next();
  }

  /** What to tell before the training begins. */
  public List<String> notices() {
    List<String> notices = new ArrayList<>();
    if (samples < batchSize) {
      notices.add(
          "the data set has %s, fewer than a batch of %s: photographs are repeated in each batch"
              .formatted(samples == 1 ? "1 photograph" : samples + " photographs", batchSize));
    }
    if (classes != null) {
      notices.addAll(classes.notices());
    }
    return notices;
  }
}
