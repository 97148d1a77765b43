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
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The weights of a network: one tensor of the right shape for each parameter. Immutable. Values are
 * read on each request.
 */
public final class Weights {
  /** The most names a message lists; the rest are only counted. */
  private static final int LISTED = 20;

  /** Name parts added by DataParallel, torch.compile, FSDP and Lightning. */
  private static final Pattern WRAPPER =
      Pattern.compile("(?<![^.])(module|_orig_mod|_forward_module|_fsdp_wrapped_module)\\.");

  private final Map<String, WeightTensor> tensors;
  private final List<String> notes;

  private Weights(Map<String, WeightTensor> tensors, List<String> notes) {
    this.tensors = tensors;
    this.notes = List.copyOf(notes);
  }

  /**
   * Matches a checkpoint's tensors to a network's parameters.
   *
   * <p>Names may have any prefix, such as {@code model.} or {@code module.net.}, if every parameter
   * is found under it. If two prefixes fit and one is that of a running average ({@code ema.},
   * {@code swa.}), the other is used. Names may also omit the first part of the parameters' names,
   * such as {@code backbone.}, and may contain {@code module.} and {@code _orig_mod.} anywhere, as
   * added by {@code DataParallel} and {@code torch.compile}. Those of {@code fcn-resnet18} may be
   * the ones of torchvision's ResNet-18.
   *
   * <p>Parameters of auxiliary outputs may be missing. Some tensors may be left over: {@code
   * num_batches_tracked}, which only training needs; those the network ignores; those outside the
   * prefix; running averages; and those of a loss or metric.
   *
   * @param network the network
   * @param tensors the tensors by name
   * @return the weights
   * @throws ModelLoadException if a parameter is missing or has a different shape, if any other
   *     tensor is left over, or if several prefixes fit; the message lists them
   */
  public static Weights of(Network network, Map<String, ? extends WeightTensor> tensors) {
    Names names = Names.of(network, tensors);
    Matching found = Matching.find(network, names.tensors);
    // Most often, a prefix under which little is found is that of some other network's layers.
    return of(
        network,
        tensors,
        names,
        found.hasMost() ? found : Matching.withoutPrefix(network, names.tensors));
  }

  /**
   * Matches a checkpoint's tensors to a network's parameters, using only names with the given
   * prefix. Needed if several prefixes fit.
   *
   * @param network the network
   * @param tensors the tensors by name
   * @param prefix the prefix, for example {@code ema.}; empty for the names without a prefix
   * @return the weights
   * @throws ModelLoadException if no name has the prefix, or the tensors do not fit the network
   */
  public static Weights of(
      Network network, Map<String, ? extends WeightTensor> tensors, String prefix) {
    Names names = Names.of(network, tensors);
    String whole = prefix.isEmpty() || prefix.endsWith(".") ? prefix : prefix + ".";
    String wanted = names.wrappers.isEmpty() ? whole : WRAPPER.matcher(whole).replaceAll("");
    return of(network, tensors, names, Matching.under(wanted, network, names.tensors));
  }

  /**
   * A checkpoint's tensors by their cleaned names.
   *
   * @param tensors the tensors by name, without wrappers and aliases
   * @param wrappers the parts removed from the names
   * @param aliases the prefixes replaced, as in {@code conv1.* as 0.*}
   */
  record Names(Map<String, WeightTensor> tensors, Set<String> wrappers, Set<String> aliases) {
    static Names of(Network network, Map<String, ? extends WeightTensor> tensors) {
      Map<String, WeightTensor> bare = new TreeMap<>();
      Set<String> wrappers = new TreeSet<>();
      Set<String> aliases = new TreeSet<>();
      for (Map.Entry<String, ? extends WeightTensor> tensor : tensors.entrySet()) {
        Matcher found = WRAPPER.matcher(tensor.getKey());
        bare.put(own(network, found.replaceAll(""), aliases), tensor.getValue());
        found.reset().results().map(MatchResult::group).forEach(wrappers::add);
      }
      boolean own = network.parameters().stream().anyMatch(p -> WRAPPER.matcher(p.name()).find());
      return own || bare.size() < tensors.size()
          ? new Names(new TreeMap<>(tensors), Set.of(), Set.of())
          : new Names(bare, wrappers, aliases);
    }

    /** The network's own name for one that may begin with an alias. */
    private static String own(Network network, String name, Set<String> found) {
      return network.aliases().keySet().stream()
          .filter(name::startsWith)
          .max(Comparator.comparingInt(String::length))
          .map(
              alias -> {
                String prefix = Objects.requireNonNull(network.aliases().get(alias));
                found.add("%s* as %s*".formatted(alias, prefix));
                return prefix + name.substring(alias.length());
              })
          .orElse(name);
    }

    /** Adds a note on the names to others. */
    List<String> notes(List<String> others) {
      List<String> notes = new ArrayList<>();
      if (!wrappers.isEmpty()) {
        notes.add(
            "removed %s from the names in the checkpoint".formatted(joined(List.copyOf(wrappers))));
      }
      if (!aliases.isEmpty()) {
        notes.add("read the names %s".formatted(joined(List.copyOf(aliases))));
      }
      notes.addAll(others);
      return notes;
    }
  }

  private static Weights of(
      Network network, Map<String, ? extends WeightTensor> tensors, Names names, Matching match) {
    if (!match.missing.isEmpty() || !match.misshapen.isEmpty() || !match.leftOver.isEmpty()) {
      throw new ModelLoadException(
          "the checkpoint does not fit %s with %d classes%s.%s"
              .formatted(
                  network,
                  network.output().channels(),
                  match.prefix.isEmpty() ? "" : ", under the prefix \"" + match.prefix + "\"",
                  KnownNetwork.of(tensors)
                      .map(
                          known ->
                              " It is a checkpoint of %s with %d classes: %s."
                                  .formatted(
                                      known.name(),
                                      known.output().channels(),
                                      isAsked(known, network)
                                          ? "leave out the width and the prefix"
                                          : "choose these"))
                      .orElseGet(() -> differences(match))));
    }
    return new Weights(match.matched, names.notes(match.notes(match.passedOver)));
  }

  private static boolean isAsked(Network known, Network asked) {
    return known.name().equals(asked.name())
        && known.output().channels() == asked.output().channels();
  }

  private static String differences(Matching match) {
    return "%s%s%s %s"
        .formatted(
            listed("Missing", match.missing),
            listed("Left over", match.leftOver),
            listed("Wrong shape", match.otherShapes()),
            !match.missing.isEmpty() && match.lacksParts()
                ? "Does it hold only part of the network, such as a pretrained backbone?"
                : "Check the network, the number of classes, and the width.");
  }

  /**
   * Returns weights to start training from: those of a checkpoint as far as they fit, and
   * {@linkplain #initial initial} values for the other layers. So a checkpoint may have another
   * number of classes, or only the backbone. Names are matched as by {@link #of(Network, Map)}.
   *
   * @param network the network
   * @param checkpoint the tensors by name
   * @param seed the seed of the initial values
   * @return the weights; their {@link #notes} say which tensors were kept, which layers start from
   *     initial values and why, and which tensors were skipped
   * @throws ModelLoadException if less than a quarter of the network's tensors fit, as with a
   *     checkpoint of another network, or if several prefixes fit
   */
  public static Weights startingFrom(
      Network network, Map<String, ? extends WeightTensor> checkpoint, long seed) {
    Names names = Names.of(network, checkpoint);
    PartialWeights found = PartialWeights.of(network, names.tensors, seed);
    return new Weights(found.tensors(), names.notes(found.notes()));
  }

  /**
   * Returns initial weights for training. Kernels are drawn by the rule of He et al., "Delving Deep
   * into Rectifiers" (2015). Batch norm starts as the identity, and biases are 0. Transposed
   * convolutions whose size is twice their stride, and which keep the number of channels, start as
   * bilinear interpolation, as in FCN.
   *
   * @param network the network
   * @param seed the seed of the random numbers
   * @return the weights; the same seed gives the same weights
   */
  public static Weights initial(Network network, long seed) {
    return of(network, InitialWeights.of(network, seed));
  }

  /** A sentence that lists names, after a space; nothing if there are none. */
  static String listed(String what, List<String> names) {
    if (names.isEmpty()) {
      return "";
    }
    return " %s, %d: %s.".formatted(what, names.size(), joined(names));
  }

  /** Lists names, up to a limit. */
  static String joined(List<String> names) {
    String more = names.size() > LISTED ? " and %d more".formatted(names.size() - LISTED) : "";
    return String.join(", ", names.subList(0, Math.min(LISTED, names.size()))) + more;
  }

  /**
   * Returns notes on how the checkpoint was matched.
   *
   * @return one note for each kind of change to the names and one for skipped tensors, so none if
   *     the checkpoint has exactly the network's names; and for {@link #startingFrom} also what was
   *     kept and what starts from initial values
   */
  public List<String> notes() {
    return notes;
  }

  /**
   * Returns a parameter's values.
   *
   * @param parameter its name
   * @return a new array
   * @throws IllegalArgumentException if the network has no such parameter, or the checkpoint does
   *     not contain it
   * @throws java.io.UncheckedIOException if the file can no longer be read
   */
  public float[] values(String parameter) {
    WeightTensor tensor = tensors.get(parameter);
    if (tensor == null) {
      throw new IllegalArgumentException("there are no weights for " + parameter);
    }
    return tensor.values();
  }
}
