package io.github.pixelwise.quantization;

import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** The ranges of tensors on photos. */
final class Ranges {
  private Ranges() {}

  /**
   * Finds ranges. The percentile takes a second pass, because bins are only known once the whole
   * range is.
   *
   * @param means sees all values too
   * @param percentile how many percent of the values to keep; 100 for all
   * @throws QuantizationException if a tensor has values that are no finite numbers
   */
  static Map<String, Range> of(
      Activations activations,
      Collection<String> tensors,
      Activations.Inputs photos,
      ChannelMeans means,
      double percentile)
      throws IOException {
    Map<String, Range> whole = new HashMap<>();
    activations.forEach(
        tensors,
        photos,
        (tensor, photo, values) -> {
          Range range = whole.getOrDefault(tensor, Range.NONE).with(values);
          if (!range.isFinite()) {
            throw new QuantizationException(
                ("the tensor \"%s\" of the float32 network has values from %s to %s on %s, which 8"
                        + " bits cannot stand for. Leave out this photo, or if it is the same with"
                        + " all, get a network and a card whose results are numbers.")
                    .formatted(tensor, range.min(), range.max(), photos.name(photo)));
          }
          whole.put(tensor, range);
          means.add(tensor, values);
        });
    if (percentile == 100) {
      return whole;
    }
    Map<String, Histogram> histograms = new HashMap<>();
    whole.forEach((tensor, range) -> histograms.put(tensor, new Histogram(range)));
    activations.forEach(
        tensors,
        photos,
        (tensor, photo, values) -> {
          Histogram histogram = histograms.get(tensor);
          if (histogram != null) {
            histogram.add(values);
          }
        });
    Map<String, Range> central = new HashMap<>();
    histograms.forEach((tensor, histogram) -> central.put(tensor, histogram.central(percentile)));
    return central;
  }
}
