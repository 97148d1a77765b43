package io.github.pixelwise.network;

import io.github.pixelwise.ModelLoadException;
import io.github.pixelwise.network.checkpoint.WeightTensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * The weights of a network that a checkpoint has in part. A layer is kept as a whole or starts from
 * initial values as a whole.
 *
 * @param tensors a tensor for every parameter
 * @param notes what was kept, replaced, and skipped
 */
record PartialWeights(Map<String, WeightTensor> tensors, List<String> notes) {
  /**
   * At least one of so many tensors must fit. The backbones of the built-in networks are more than
   * that; what two different networks share is less.
   */
  private static final int ONE_OF = 4;

  /** The most layers of another shape that get a note each. */
  private static final int NOTED = 5;

  static PartialWeights of(Network network, Map<String, WeightTensor> checkpoint, long seed) {
    Matching match = Matching.find(network, checkpoint);
    Map<String, WeightTensor> tensors = new TreeMap<>(InitialWeights.of(network, seed));
    int kept = 0;
    List<String> reshaped = new ArrayList<>();
    List<String> lacking = new ArrayList<>();
    for (Layer layer : network.layers()) {
      List<Parameter> parameters = layer.parameters();
      if (parameters.stream().allMatch(own -> match.matched.containsKey(own.name()))) {
        for (Parameter own : parameters) {
          tensors.put(own.name(), Objects.requireNonNull(match.matched.get(own.name())));
        }
        kept += parameters.size();
        continue;
      }
      parameters.stream()
          .filter(match.misshapen::containsKey)
          .findFirst()
          .ifPresentOrElse(
              own -> reshaped.add(difference(network, own, match)),
              () ->
                  parameters.stream()
                      .map(Parameter::name)
                      .filter(own -> !match.matched.containsKey(own))
                      .forEach(lacking::add));
    }
    if (kept * ONE_OF < tensors.size()) {
      throw new ModelLoadException(refusal(network, match, kept, checkpoint));
    }
    List<String> notes = new ArrayList<>();
    if (reshaped.size() <= NOTED) {
      reshaped.forEach(note -> notes.add(note + ", so it starts from initial values"));
    } else {
      notes.add(
          "%d layers have other shapes in the checkpoint, so they start from initial values: the first is %s"
              .formatted(reshaped.size(), reshaped.get(0)));
    }
    if (!lacking.isEmpty()) {
      notes.add(
          "the checkpoint lacks %s, whose layers start from initial values"
              .formatted(Matching.grouped(lacking)));
    }
    List<String> skipped = new ArrayList<>(match.passedOver);
    skipped.addAll(match.leftOver);
    notes.addAll(match.notes(skipped));
    notes.add(
        kept == tensors.size()
            ? "kept all %d tensors".formatted(kept)
            : "kept %d of %d tensors".formatted(kept, tensors.size()));
    return new PartialWeights(tensors, notes);
  }

  private static String difference(Network network, Parameter own, Matching match) {
    List<Integer> found = Objects.requireNonNull(match.misshapen.get(own)).shape();
    List<Integer> wanted = own.shape();
    boolean classes =
        wanted.get(0) == network.output().channels()
            && found.size() == wanted.size()
            && found.subList(1, found.size()).equals(wanted.subList(1, wanted.size()));
    return (classes
            ? "%s has %s classes in the checkpoint and %s here"
            : "%s is %s in the checkpoint and %s here")
        .formatted(own.name(), classes ? found.get(0) : found, classes ? wanted.get(0) : wanted);
  }

  private static String refusal(
      Network network, Matching match, int kept, Map<String, WeightTensor> checkpoint) {
    return "the checkpoint is of another network: it has only %d of the %d tensors of %s.%s%s%s %s"
        .formatted(
            kept,
            network.parameters().size(),
            network,
            Weights.listed("Missing", match.missing),
            Weights.listed("Left over", match.leftOver),
            Weights.listed("Wrong shape", match.otherShapes()),
            KnownNetwork.of(checkpoint)
                .map(
                    known ->
                        "It is a checkpoint of %s with %d classes: train that network, or start without the checkpoint."
                            .formatted(known.name(), known.output().channels()))
                .orElseGet(() -> advice(network, checkpoint.keySet())));
  }

  /** What to do, with the built-in network that the names are of, if any. */
  private static String advice(Network network, Set<String> names) {
    if (Matching.hasNamesOf(network, names)) {
      return "Its names are those of this network, so check the width.";
    }
    return Networks.names().stream()
        .map(name -> Networks.of(name, NetworkOptions.ofClasses(network.output().channels())))
        .filter(known -> Matching.hasNamesOf(known, names))
        .max(Comparator.comparingInt(known -> known.parameters().size()))
        .map(
            known ->
                "Its names are those of %s: train that network, or start without the checkpoint."
                    .formatted(known.name()))
        .orElse("Train the network that it belongs to, or start without the checkpoint.");
  }
}
