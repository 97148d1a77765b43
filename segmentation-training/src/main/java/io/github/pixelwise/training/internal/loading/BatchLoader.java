package io.github.pixelwise.training.internal.loading;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.Future;

/**
 * Loads batches ahead of the steps that use them. The batches depend on the sampling and the
 * loader's seed, never on the number of threads or on where the loading begins.
 *
 * <p>Two batches, or as many as keep the threads busy, are ready or being loaded; only as many
 * photographs as there are threads are in memory at once.
 *
 * <p>Used by one thread. Closing ends the threads.
 */
public final class BatchLoader implements AutoCloseable {
  private final SampleLoader loader;
  private final Sampling sampling;
  private final int epochs;
  private final int ahead;
  private final Workers workers;
  private final Deque<Pending> pending = new ArrayDeque<>();

  /** The next batch to load. */
  private int epoch;

  private int batch;
  private long waited;

  /** A batch whose samples are being loaded. */
  private record Pending(int epoch, int batch, List<Future<SampleLoader.Prepared>> samples) {}

  /**
   * Starts to load.
   *
   * @param loader loads each sample
   * @param sampling which samples a batch has
   * @param threads how many samples are loaded at once, at least 1
   * @param epoch the epoch of the first batch, from 0
   * @param batch its place in the epoch, from 0; nothing before it is read
   * @param epochs the number of epochs of the run, after which there are no more batches
   */
  public BatchLoader(
      SampleLoader loader, Sampling sampling, int threads, int epoch, int batch, int epochs) {
    this.loader = loader;
    this.sampling = sampling;
    this.epoch = epoch;
    this.batch = batch;
    this.epochs = epochs;
    ahead = Math.max(2, 1 + threads / sampling.batchSize());
    workers = new Workers(threads);
    loadAhead();
  }

  private void loadAhead() {
    while (pending.size() < ahead && epoch < epochs) {
      List<Future<SampleLoader.Prepared>> samples =
          sampling.batch(epoch, batch).stream()
              .map(pick -> workers.submit(() -> loader.prepared(pick)))
              .toList();
      pending.add(new Pending(epoch, batch, samples));
      batch++;
      if (batch == sampling.batches()) {
        epoch++;
        batch = 0;
      }
    }
  }

  /**
   * Returns the next batch. An interrupt does not stop it: it may come between two batches of a
   * step, which is done as a whole or not at all.
   *
   * @throws IOException if a sample cannot be read; the message names it, and the loading ends
   * @throws NoSuchElementException if the last epoch is over
   */
  public Batch next() throws IOException {
    Pending next = pending.poll();
    if (next == null) {
      throw new NoSuchElementException("there are no more batches after epoch " + epochs);
    }
    loadAhead();
    long start = System.nanoTime();
    List<SampleLoader.Prepared> samples = new ArrayList<>();
    try {
      for (Future<SampleLoader.Prepared> sample : next.samples()) {
        samples.add(Workers.resultDespiteInterrupts(sample));
      }
    } catch (IOException | RuntimeException | Error e) {
      close();
      throw e;
    }
    waited += System.nanoTime() - start;
    return new Batch(next.epoch(), next.batch(), samples);
  }

  /** How long {@link #next} has waited for samples, altogether. */
  public Duration waited() {
    return Duration.ofNanos(waited);
  }

  @Override
  public void close() {
    pending.clear();
    workers.close();
  }
}
