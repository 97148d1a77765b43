package io.github.pixelwise.quantization;

import java.io.IOException;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the values of tensors are on photos: the range of each channel, and the channels' means. */
final class Observations {
  private final Activations activations;
  private final Activations.Inputs photos;
  private final ChannelMeans means;
  private final Map<String, Range[]> ranges = new HashMap<>();

  /** How many channels each tensor was taken to have. */
  private final Map<String, Integer> expected = new HashMap<>();

  /**
   * @param means is shown all values too
   */
  Observations(Activations activations, Activations.Inputs photos, ChannelMeans means) {
    this.activations = activations;
    this.photos = photos;
    this.means = means;
  }

  /**
   * The ranges of tensors that have values. Runs the network for those that are new, or have
   * channels only now.
   *
   * @param channels of tensors, [1 x channels x height x width], whose channels have ranges of
   *     their own, how many they have; others have a single range
   * @throws QuantizationException if a tensor has values that are not finite
   */
  Map<String, Range[]> ranges(Collection<String> tensors, Map<String, Integer> channels)
      throws IOException {
    List<String> unseen =
        tensors.stream()
            .filter(
                tensor ->
                    !expected.containsKey(tensor)
                        || (channels.containsKey(tensor)
                            && !channels.get(tensor).equals(expected.get(tensor))))
            .toList();
    ranges.keySet().removeAll(unseen);
    unseen.forEach(tensor -> expected.put(tensor, channels.getOrDefault(tensor, 1)));
    forEach(
        unseen,
        (tensor, photo, values, shape) -> {
          int number = channels.getOrDefault(tensor, 1);
          boolean hasChannels = shape.length == 4 && shape[0] == 1 && shape[1] == number;
          Range[] own = ranges.computeIfAbsent(tensor, name -> none(hasChannels ? number : 1));
          int places = values.length / own.length;
          for (int c = 0; c < own.length; c++) {
            own[c] = own[c].with(values, c * places, (c + 1) * places);
          }
          requireFinite(tensor, own, photos.name(photo));
          means.add(tensor, values, Math.toIntExact(shape.length == 0 ? 1 : shape[0]));
        });
    Map<String, Range[]> found = new HashMap<>(ranges);
    found.keySet().retainAll(tensors);
    return found;
  }

  /** Shows the values of tensors. */
  void forEach(Collection<String> tensors, Activations.Visitor visitor) throws IOException {
    if (!tensors.isEmpty()) {
      activations.forEach(tensors, photos, visitor);
    }
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
}
