package io.github.pixelwise.internal.pipeline;

import io.github.pixelwise.ScoreMap;
import io.github.pixelwise.model.ModelInput;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Gathers inputs of several callers into batches (dynamic batching). The first caller of a shape
 * waits for others, for a while or until the batch is full, and then runs it for all of them.
 */
final class SharedBatches {
  private final int size;
  private final Duration wait;
  private final Function<List<ModelInput>, List<ScoreMap>> score;

  /** The batches that callers may still join, by the shape of their inputs. */
  private final Map<List<Integer>, Batch> open = new HashMap<>();

  /**
   * @param size the maximum number of inputs in a batch, at least 2
   * @param wait how long the first caller waits for others
   * @param score scores a batch of one shape
   */
  SharedBatches(int size, Duration wait, Function<List<ModelInput>, List<ScoreMap>> score) {
    this.size = size;
    this.wait = wait;
    this.score = score;
  }

  private static final class Batch {
    final List<ModelInput> inputs = new ArrayList<>();
    final CountDownLatch full = new CountDownLatch(1);
    final CompletableFuture<List<ScoreMap>> scores = new CompletableFuture<>();
  }

  /** Returns the scores of one input; fails if its batch fails. */
  ScoreMap score(ModelInput input) {
    List<Integer> shape = IntStream.of(input.tensor().shape()).boxed().toList();
    Batch batch;
    int index;
    synchronized (this) {
      batch = open.computeIfAbsent(shape, s -> new Batch());
      index = batch.inputs.size();
      batch.inputs.add(input);
      if (batch.inputs.size() == size) {
        open.remove(shape);
        batch.full.countDown();
      }
    }
    if (index == 0) {
      lead(shape, batch);
    }
    try {
      return batch.scores.join().get(index);
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  private void lead(List<Integer> shape, Batch batch) {
    try {
      boolean full = batch.full.await(wait.toNanos(), TimeUnit.NANOSECONDS);
      if (!full) {
        close(shape, batch);
      }
    } catch (InterruptedException e) {
      close(shape, batch);
      Thread.currentThread().interrupt();
    }
    try {
      batch.scores.complete(score.apply(batch.inputs));
    } catch (RuntimeException | Error e) {
      batch.scores.completeExceptionally(e);
      if (e instanceof Error error) {
        throw error;
      }
    }
  }

  /** Keeps other callers from joining. */
  private synchronized void close(List<Integer> shape, Batch batch) {
    open.remove(shape, batch);
  }
}
