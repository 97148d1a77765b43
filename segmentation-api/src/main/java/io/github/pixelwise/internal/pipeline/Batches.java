package io.github.pixelwise.internal.pipeline;

import io.github.pixelwise.ScoreMap;
import io.github.pixelwise.model.FloatTensor;
import io.github.pixelwise.model.ModelInput;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Gathers inputs of the same shape, so that the network takes them in one run. Holds at most two
 * batches' worth of inputs, whatever their shapes.
 */
final class Batches {
  private final int size;
  private final Map<List<Integer>, List<Item>> waiting = new LinkedHashMap<>();
  private int held;

  Batches(int size) {
    this.size = size;
  }

  /**
   * An input that waits for its run.
   *
   * @param pending the image that it is an input of
   * @param index which of the image's inputs it is
   * @param input a batch of one
   */
  record Item(Pending pending, int index, ModelInput input) {
    void scored(ScoreMap scores, Duration time) {
      pending.scored(index, scores, time);
    }
  }

  /** Adds an input; returns a batch to run now: a full one, or the oldest if too many wait. */
  Optional<List<Item>> add(Item item) {
    List<Integer> shape = IntStream.of(item.input().tensor().shape()).boxed().toList();
    List<Item> batch = waiting.computeIfAbsent(shape, s -> new ArrayList<>());
    batch.add(item);
    held++;
    if (batch.size() < size && held < 2 * size) {
      return Optional.empty();
    }
    List<Item> due = batch.size() == size ? batch : waiting.values().iterator().next();
    waiting.values().remove(due);
    held -= due.size();
    return Optional.of(due);
  }

  /** The batches that are not full. */
  Collection<List<Item>> rest() {
    return waiting.values();
  }

  /**
   * Inputs of one shape as one tensor.
   *
   * @param size how many the tensor holds; if there are fewer inputs, the last one is repeated
   */
  static FloatTensor tensor(List<FloatTensor> inputs, int size) {
    FloatTensor first = inputs.get(0);
    if (size == 1) {
      return first;
    }
    int[] shape = first.shape();
    shape[0] = size;
    FloatBuffer all = FloatBuffer.allocate(Math.multiplyExact(size, first.buffer().remaining()));
    for (int i = 0; i < size; i++) {
      all.put(inputs.get(Math.min(i, inputs.size() - 1)).buffer());
    }
    return FloatTensor.of(all.array(), shape);
  }
}
