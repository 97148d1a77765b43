package io.github.pixelwise.network;

import io.github.pixelwise.network.checkpoint.WeightTensor;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Finds the built-in network that a checkpoint fits. */
final class KnownNetwork {
  /** Any number of classes; the shape of the last layer's weight then gives the right one. */
  private static final int GUESS = 3;

  private KnownNetwork() {}

  static Optional<Network> of(Map<String, ? extends WeightTensor> tensors) {
    return Networks.candidates(tensors.keySet()).stream()
        .flatMap(name -> fitting(name, tensors).stream())
        .findFirst();
  }

  private static Optional<Network> fitting(
      String name, Map<String, ? extends WeightTensor> tensors) {
    Network guess = Networks.of(name, NetworkOptions.ofClasses(GUESS));
    Map<String, WeightTensor> own = Weights.Names.of(guess, tensors).tensors();
    if (!Matching.hasNamesOf(guess, own.keySet())) {
      return Optional.empty();
    }
    int classes = classes(guess, own).orElse(GUESS);
    return NetworkOptions.isClasses(classes)
        ? Optional.of(Networks.of(name, NetworkOptions.ofClasses(classes)))
            .filter(network -> Matching.fits(network, own))
        : Optional.empty();
  }

  /** The number of classes in a checkpoint, if it is not the one that was guessed. */
  private static OptionalInt classes(Network guess, Map<String, WeightTensor> tensors) {
    return Matching.nearest(guess, tensors).misshapen.entrySet().stream()
        .filter(other -> other.getKey().shape().get(0) == GUESS)
        .filter(other -> other.getKey().shape().size() == other.getValue().shape().size())
        .mapToInt(other -> other.getValue().shape().get(0))
        .findFirst();
  }
}
