package io.github.pixelwise.quantization;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** How tensors become bytes: the factors of their channels, and the steps of what these leave. */
final class Ranges {
  private static final float[] NO_FACTORS = {1};

  private final Map<String, float[]> factors;
  private final Map<String, Range.Steps> steps = new HashMap<>();

  private Ranges(Map<String, float[]> factors) {
    this.factors = factors;
  }

  /**
   * Finds ranges. The percentile takes a second pass, because bins are only known once the whole
   * range is.
   *
   * @param means sees all values too
   * @param percentile how many percent of the values to keep; 100 for all
   * @throws QuantizationException if a tensor has values that are no finite numbers
   */
  static Ranges of(
      Activations activations,
      Placement placement,
      Activations.Inputs photos,
      Equalization equalization,
      ChannelMeans means,
      double percentile)
      throws IOException {
    Set<String> tensors = placement.calibrated();
    Map<String, Integer> channels = equalization.channels();
    Map<String, Range[]> whole = new HashMap<>();
    activations.forEach(
        tensors,
        photos,
        (tensor, photo, values, shape) -> {
          int number = channels.getOrDefault(tensor, 1);
          boolean hasChannels = shape.length == 4 && shape[0] == 1 && shape[1] == number;
          Range[] own = whole.computeIfAbsent(tensor, name -> none(hasChannels ? number : 1));
          int places = values.length / own.length;
          for (int c = 0; c < own.length; c++) {
            own[c] = own[c].with(values, c * places, (c + 1) * places);
          }
          requireFinite(tensor, own, photos.name(photo));
          means.add(tensor, values, Math.toIntExact(shape.length == 0 ? 1 : shape[0]));
        });
    whole.forEach(
        (tensor, own) ->
            Arrays.setAll(own, channel -> own[channel].raisedTo(placement.floor(tensor))));
    Ranges ranges = new Ranges(equalization.factors(whole));
    Map<String, Range> even = new HashMap<>();
    whole.forEach((tensor, own) -> even.put(tensor, ranges.divided(tensor, own)));
    if (percentile == 100) {
      even.forEach((tensor, range) -> ranges.steps.put(tensor, range.steps()));
      return ranges;
    }
    Map<String, Histogram> histograms = new HashMap<>();
    even.forEach((tensor, range) -> histograms.put(tensor, new Histogram(range)));
    activations.forEach(
        tensors,
        photos,
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

  private static Range[] none(int channels) {
    Range[] none = new Range[channels];
    Arrays.fill(none, Range.NONE);
    return none;
  }

  private static void requireFinite(String tensor, Range[] channels, String photo) {
    for (Range range : channels) {
      if (!range.isFinite()) {
        throw new QuantizationException(
            ("the tensor \"%s\" of the float32 network has values from %s to %s on %s, which 8"
                    + " bits cannot stand for. Leave out this photo, or if it is the same with"
                    + " all, get a network and a card whose results are numbers.")
                .formatted(tensor, range.min(), range.max(), photo));
      }
    }
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
    float[] own = factors.getOrDefault(tensor, NO_FACTORS);
    int places = values.length / own.length;
    float[] divided = new float[values.length];
    for (int i = 0; i < divided.length; i++) {
      divided[i] = Math.max(values[i], floor) / own[i / places];
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
