package io.github.pixelwise.quantization;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The means of the channels of tensors, over photos and places. */
final class ChannelMeans {
  private final Map<String, Integer> channels;
  private final Map<String, double[]> sums = new HashMap<>();
  private final Map<String, Integer> photos = new HashMap<>();

  /**
   * @param channels the tensors, [1 x channels x ...], and how many channels each has
   */
  ChannelMeans(Map<String, Integer> channels) {
    this.channels = channels;
  }

  /**
   * Adds a photo's values, if the means of the tensor are wanted.
   *
   * @param batch how many pictures the values are of, one after the other
   */
  void add(String tensor, float[] values, int batch) {
    Integer number = channels.get(tensor);
    if (number == null || values.length == 0) {
      return;
    }
    double[] sum = sums.computeIfAbsent(tensor, name -> new double[number]);
    int places = values.length / (batch * number);
    for (int plane = 0; plane < batch * number; plane++) {
      double own = 0;
      for (int i = plane * places; i < (plane + 1) * places; i++) {
        own += values[i];
      }
      sum[plane % number] += own / places / batch;
    }
    photos.merge(tensor, 1, Integer::sum);
  }

  /** The means of a tensor's channels; empty if it was not seen. */
  Optional<float[]> of(String tensor) {
    double[] sum = sums.get(tensor);
    if (sum == null) {
      return Optional.empty();
    }
    float[] means = new float[sum.length];
    for (int c = 0; c < means.length; c++) {
      means[c] = (float) (sum[c] / photos.getOrDefault(tensor, 1));
    }
    return Optional.of(means);
  }
}
