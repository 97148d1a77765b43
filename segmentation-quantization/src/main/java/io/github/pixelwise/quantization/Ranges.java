package io.github.pixelwise.quantization;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** How tensors become bytes: the factors of their channels, and the steps of what these leave. */
final class Ranges {
  private final Map<String, float[]> factors;
  private final Map<String, Range.Steps> steps = new HashMap<>();

  private Ranges(Map<String, float[]> factors) {
    this.factors = factors;
  }

  /**
   * Finds ranges. The percentile takes a second pass, because bins are only known once the whole
   * range is.
   *
   * @param percentile how many percent of the values to keep; 100 for all
   */
  static Ranges of(
      Observations observations, Placement placement, Equalization equalization, double percentile)
      throws IOException {
    Set<String> tensors = placement.calibrated();
    Map<String, Range[]> whole = new HashMap<>();
    observations
        .ranges(tensors, equalization.channels())
        .forEach(
            (tensor, own) -> {
              float floor = placement.floor(tensor);
              whole.put(
                  tensor,
                  Arrays.stream(own).map(range -> range.raisedTo(floor)).toArray(Range[]::new));
            });
    Ranges ranges = new Ranges(equalization.factors(whole));
    Map<String, Range> even = new HashMap<>();
    whole.forEach((tensor, own) -> even.put(tensor, ranges.divided(tensor, own)));
    if (percentile == 100) {
      even.forEach((tensor, range) -> ranges.steps.put(tensor, range.steps()));
      return ranges;
    }
    Map<String, Histogram> histograms = new HashMap<>();
    even.forEach((tensor, range) -> histograms.put(tensor, new Histogram(range)));
    observations.forEach(
        tensors,
        (tensor, photo, values, shape) -> {
          Histogram histogram = histograms.get(tensor);
          if (histogram != null) {
            histogram.add(ranges.divided(tensor, values, placement.floor(tensor)));
          }
        });
    histograms.forEach(
        (tensor, histogram) -> ranges.steps.put(tensor, histogram.central(percentile).steps()));
    return ranges;
  }

  private Range divided(String tensor, Range[] channels) {
    float[] own = factors.get(tensor);
    Range divided = Range.NONE;
    for (int c = 0; c < channels.length; c++) {
      divided = divided.with(own == null ? channels[c] : channels[c].dividedBy(own[c]));
    }
    return divided;
  }

  private float[] divided(String tensor, float[] values, float floor) {
    float[] own = factors.get(tensor);
    if (own == null && floor == Float.NEGATIVE_INFINITY) {
      return values;
    }
    int places = own == null ? values.length : values.length / own.length;
    float[] divided = new float[values.length];
    for (int i = 0; i < divided.length; i++) {
      divided[i] = Math.max(values[i], floor) / (own == null ? 1 : own[i / places]);
    }
    return divided;
  }

  /** What the channels of a tensor are divided by; empty if they are left alone. */
  Optional<float[]> factors(String tensor) {
    return Optional.ofNullable(factors.get(tensor));
  }

  /** The steps of a tensor, after the division. */
  Range.Steps steps(String tensor) {
    Range.Steps own = steps.get(tensor);
    if (own == null) {
      throw new IllegalArgumentException("not calibrated: " + tensor);
    }
    return own;
  }
}
