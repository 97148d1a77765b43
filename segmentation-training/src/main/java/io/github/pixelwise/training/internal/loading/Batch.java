package io.github.pixelwise.training.internal.loading;

import io.github.pixelwise.model.FloatTensor;
import java.util.List;

/** Samples for one step. */
public final class Batch {
  private final int epoch;
  private final int index;
  private final FloatTensor images;
  private final int[] targets;
  private final List<String> names;

  public Batch(int epoch, int index, List<SampleLoader.Prepared> samples) {
    this.epoch = epoch;
    this.index = index;
    this.names = samples.stream().map(SampleLoader.Prepared::name).toList();
    int[] shape = samples.get(0).image().shape();
    int length = shape[1] * shape[2] * shape[3];
    int pixels = shape[2] * shape[3];
    float[] values = new float[Math.multiplyExact(length, samples.size())];
    targets = new int[pixels * samples.size()];
    for (int i = 0; i < samples.size(); i++) {
      SampleLoader.Prepared sample = samples.get(i);
      sample.image().buffer().get(values, i * length, length);
      for (int y = 0; y < shape[2]; y++) {
        sample.mask().copyRow(y, targets, i * pixels + y * shape[3]);
      }
    }
    images = FloatTensor.of(values, samples.size(), shape[1], shape[2], shape[3]);
  }

  /** The epoch, from 0. */
  public int epoch() {
    return epoch;
  }

  /** The place in the epoch, from 0. */
  public int index() {
    return index;
  }

  /** The network's input, {@code [n x C x height x width]}. */
  public FloatTensor images() {
    return images;
  }

  /** The categories, {@code [n x height x width]}; the batch's own array. */
  public int[] targets() {
    return targets;
  }

  /** The samples' names. */
  public List<String> names() {
    return names;
  }
}
