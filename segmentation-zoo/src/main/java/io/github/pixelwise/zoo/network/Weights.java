package io.github.pixelwise.zoo.network;

import io.github.pixelwise.ModelLoadException;
import io.github.pixelwise.zoo.checkpoint.WeightTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The weights of a network: tensors that are known to fit its parameters, name by name. Immutable;
 * values are read when asked for.
 */
public final class Weights {
  /** Names beyond this are counted and not listed. */
  private static final int LISTED = 20;

  private final Map<String, WeightTensor> tensors;

  private Weights(Map<String, WeightTensor> tensors) {
    this.tensors = tensors;
  }

  /**
   * Matches a checkpoint's tensors with a network's parameters. Parameters of auxiliary outputs may
   * be missing; {@code num_batches_tracked}, which only training needs, and what the network
   * ignores may be left over.
   *
   * @param network the network
   * @param tensors the tensors by name
   * @return the weights
   * @throws ModelLoadException if a parameter is missing, has another shape, or a tensor is left
   *     over; the message lists them
   */
  public static Weights of(Network network, Map<String, ? extends WeightTensor> tensors) {
    Set<String> optional = network.auxiliaryParameters();
    Map<String, WeightTensor> matched = new TreeMap<>();
    Map<String, WeightTensor> leftOver = new TreeMap<>(tensors);
    List<String> missing = new ArrayList<>();
    List<String> misshapen = new ArrayList<>();
    for (Parameter parameter : network.parameters()) {
      WeightTensor tensor = leftOver.remove(parameter.name());
      if (tensor == null) {
        if (!optional.contains(parameter.name())) {
          missing.add(parameter.name());
        }
      } else if (tensor.shape().equals(parameter.shape())) {
        matched.put(parameter.name(), tensor);
      } else {
        misshapen.add(
            "%s is %s and should be %s"
                .formatted(parameter.name(), tensor.shape(), parameter.shape()));
      }
    }
    leftOver.keySet().removeIf(n -> n.endsWith(".num_batches_tracked") || network.ignores(n));
    if (missing.isEmpty() && misshapen.isEmpty() && leftOver.isEmpty()) {
      return new Weights(matched);
    }
    throw new ModelLoadException(
        "the checkpoint does not fit %s, of %d classes.%s%s%s Is it of another network, number of"
                .formatted(
                    network,
                    network.output().channels(),
                    listed("Missing", missing),
                    listed("Left over", List.copyOf(leftOver.keySet())),
                    listed("Of another shape", misshapen))
            + " classes, or width?");
  }

  /**
   * Returns what a network is trained from: kernels drawn by the rule of He et al., "Delving Deep
   * into Rectifiers" (2015); batch norm that changes nothing; no bias; and transposed convolutions
   * of twice their stride, where the number of channels stays, that interpolate bilinearly, as in
   * FCN.
   *
   * @param network the network
   * @param seed what the random numbers follow from
   * @return the weights, always the same for a seed
   */
  public static Weights initial(Network network, long seed) {
    return of(network, InitialWeights.of(network, seed));
  }

  private static String listed(String what, List<String> names) {
    if (names.isEmpty()) {
      return "";
    }
    String more = names.size() > LISTED ? " and %d more".formatted(names.size() - LISTED) : "";
    return " %s, %d: %s%s."
        .formatted(
            what,
            names.size(),
            String.join(", ", names.subList(0, Math.min(LISTED, names.size()))),
            more);
  }

  /**
   * Returns a parameter's values.
   *
   * @param parameter its name
   * @return a new array
   * @throws IllegalArgumentException if the network has no such parameter, or the checkpoint lacks
   *     it
   * @throws java.io.UncheckedIOException if the file cannot be read any more
   */
  public float[] values(String parameter) {
    WeightTensor tensor = tensors.get(parameter);
    if (tensor == null) {
      throw new IllegalArgumentException("there are no weights for " + parameter);
    }
    return tensor.values();
  }
}
