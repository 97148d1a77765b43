package io.github.pixelwise.network;

import io.github.pixelwise.ModelLoadException;
import io.github.pixelwise.network.checkpoint.WeightTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The weights of a network: tensors that are known to fit its parameters, name by name. Immutable;
 * values are read when asked for.
 */
public final class Weights {
  /** Names beyond this are counted and not listed. */
  private static final int LISTED = 20;

  /** What DataParallel, torch.compile, FSDP and Lightning put into names. */
  private static final Pattern WRAPPER =
      Pattern.compile("(?<![^.])(module|_orig_mod|_forward_module|_fsdp_wrapped_module)\\.");

  private final Map<String, WeightTensor> tensors;
  private final List<String> notes;

  private Weights(Map<String, WeightTensor> tensors, List<String> notes) {
    this.tensors = tensors;
    this.notes = List.copyOf(notes);
  }

  /**
   * Matches a checkpoint's tensors with a network's parameters.
   *
   * <p>Names may begin with anything, such as {@code model.} or {@code module.net.}, if every
   * parameter fits under one such prefix; of two, that of a running average ({@code ema.}, {@code
   * swa.}) is not taken. They may lack the first part of the parameters' names, such as {@code
   * backbone.}, and may have {@code module.} and {@code _orig_mod.} anywhere, which {@code
   * DataParallel} and {@code torch.compile} put there.
   *
   * <p>Parameters of auxiliary outputs may be missing. Left over may be {@code
   * num_batches_tracked}, which only training needs, what the network ignores, tensors beside the
   * prefix, averages, and what belongs to a loss or metric.
   *
   * @param network the network
   * @param tensors the tensors by name
   * @return the weights
   * @throws ModelLoadException if a parameter is missing, has another shape, or a tensor is left
   *     over, or all fit under several prefixes; the message lists them
   */
  public static Weights of(Network network, Map<String, ? extends WeightTensor> tensors) {
    Names names = Names.of(network, tensors);
    return of(network, names, Matching.find(network, names.tensors));
  }

  /**
   * Matches the tensors of a checkpoint whose names have a prefix with a network's parameters,
   * where several prefixes would do.
   *
   * @param network the network
   * @param tensors the tensors by name
   * @param prefix what the names begin with, for example {@code ema.}; empty for those that begin
   *     with nothing of the kind
   * @return the weights
   * @throws ModelLoadException if no name has the prefix, or as without one
   */
  public static Weights of(
      Network network, Map<String, ? extends WeightTensor> tensors, String prefix) {
    Names names = Names.of(network, tensors);
    String whole = prefix.isEmpty() || prefix.endsWith(".") ? prefix : prefix + ".";
    String wanted = names.wrappers.isEmpty() ? whole : WRAPPER.matcher(whole).replaceAll("");
    return of(network, names, Matching.under(wanted, network, names.tensors));
  }

  /**
   * A checkpoint's tensors.
   *
   * @param tensors by their names without wrappers
   * @param wrappers the parts that were taken out of the names
   */
  private record Names(Map<String, WeightTensor> tensors, Set<String> wrappers) {
    static Names of(Network network, Map<String, ? extends WeightTensor> tensors) {
      Map<String, WeightTensor> bare = new TreeMap<>();
      Set<String> wrappers = new TreeSet<>();
      for (Map.Entry<String, ? extends WeightTensor> tensor : tensors.entrySet()) {
        Matcher found = WRAPPER.matcher(tensor.getKey());
        bare.put(found.replaceAll(""), tensor.getValue());
        found.reset().results().map(MatchResult::group).forEach(wrappers::add);
      }
      boolean own = network.parameters().stream().anyMatch(p -> WRAPPER.matcher(p.name()).find());
      return own || bare.size() < tensors.size()
          ? new Names(new TreeMap<>(tensors), Set.of())
          : new Names(bare, wrappers);
    }
  }

  private static Weights of(Network network, Names names, Matching match) {
    if (!match.missing.isEmpty() || !match.misshapen.isEmpty() || !match.leftOver.isEmpty()) {
      throw new ModelLoadException(
          "the checkpoint does not fit %s, of %d classes%s.%s%s%s %s"
              .formatted(
                  network,
                  network.output().channels(),
                  match.prefix.isEmpty() ? "" : ", under the prefix \"" + match.prefix + "\"",
                  listed("Missing", match.missing),
                  listed("Left over", match.leftOver),
                  listed("Of another shape", match.misshapen),
                  !match.missing.isEmpty() && match.lacksParts()
                      ? "Is it of a part alone, such as a pretrained backbone?"
                      : "Is it of another network, number of classes, or width?"));
    }
    List<String> notes = new ArrayList<>();
    if (!names.wrappers.isEmpty()) {
      notes.add(
          "took %s out of the names in the checkpoint"
              .formatted(joined(List.copyOf(names.wrappers))));
    }
    notes.addAll(match.notes());
    return new Weights(match.matched, notes);
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
    return " %s, %d: %s.".formatted(what, names.size(), joined(names));
  }

  /** Lists names, up to a number. */
  static String joined(List<String> names) {
    String more = names.size() > LISTED ? " and %d more".formatted(names.size() - LISTED) : "";
    return String.join(", ", names.subList(0, Math.min(LISTED, names.size()))) + more;
  }

  /**
   * Tells how the checkpoint's names became those of the parameters.
   *
   * @return a sentence for what was taken off the names and for what was passed over; empty if the
   *     checkpoint had the network's own names and nothing else
   */
  public List<String> notes() {
    return notes;
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
