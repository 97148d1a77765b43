package io.github.pixelwise.network;

import io.github.pixelwise.ModelLoadException;
import io.github.pixelwise.network.checkpoint.WeightTensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A network's parameters matched to the tensors of a checkpoint, whose names may all have a prefix
 * or omit their first part.
 */
final class Matching {
  /** Name parts that mark a running average of the weights. */
  private static final Predicate<String> AVERAGE =
      Pattern.compile("(?i)(^|[._])(ema|swa|averaged?)([._]|$)").asPredicate();

  /** First name parts of tensors that only training needs. */
  private static final Predicate<String> TRAINING =
      Pattern.compile("(?i)criteri|loss|metric").asPredicate();

  /** The prefix of every name, including its final dot; usually empty. */
  final String prefix;

  /** The first part of the parameters' names that the checkpoint omits; usually empty. */
  final String lacking;

  /** The matching tensors by parameter name. */
  final Map<String, WeightTensor> matched = new TreeMap<>();

  final List<String> missing = new ArrayList<>();

  /** The tensors whose shape differs from that of their parameter. */
  final Map<Parameter, WeightTensor> misshapen = new LinkedHashMap<>();

  /** The names under the prefix that match no parameter but look like a network's. */
  final List<String> leftOver = new ArrayList<>();

  /** The other names that match no parameter. */
  final List<String> passedOver = new ArrayList<>();

  private Matching(
      Network network, Map<String, WeightTensor> tensors, String prefix, String lacking) {
    this.prefix = prefix;
    this.lacking = lacking;
    Set<String> optional = network.auxiliaryParameters();
    Set<String> rest = new TreeSet<>(tensors.keySet());
    for (Parameter parameter : network.parameters()) {
      String name = prefix + without(lacking, parameter.name());
      WeightTensor tensor = tensors.get(name);
      rest.remove(name);
      if (tensor == null) {
        if (!optional.contains(parameter.name())) {
          missing.add(parameter.name());
        }
      } else if (tensor.shape().equals(parameter.shape())) {
        matched.put(parameter.name(), tensor);
      } else {
        misshapen.put(parameter, tensor);
      }
    }
    for (String name : rest) {
      String inside = name.startsWith(prefix) ? name.substring(prefix.length()) : "";
      if (inside.isEmpty() || AVERAGE.test(first(inside)) || TRAINING.test(first(inside))) {
        passedOver.add(name);
      } else if (!name.endsWith(".num_batches_tracked") && !network.ignores(inside)) {
        leftOver.add(name);
      }
    }
  }

  /**
   * Finds the prefix under which every parameter fits, or else the one under which most are found,
   * preferably not that of a running average.
   *
   * @throws ModelLoadException if several prefixes fit; the message lists them
   */
  static Matching find(Network network, Map<String, WeightTensor> tensors) {
    List<Matching> found = candidates(network, tensors);
    return found.get(0).fits() ? theOne(network, found) : found.get(0);
  }

  /** As {@link #find}, but one of them if several prefixes fit. */
  static Matching nearest(Network network, Map<String, WeightTensor> tensors) {
    return candidates(network, tensors).get(0);
  }

  /** The matches that fit, or else only the nearest one. */
  private static List<Matching> candidates(Network network, Map<String, WeightTensor> tensors) {
    Matching nearest = new Matching(network, tensors, "", "");
    int required = required(network);
    int most = 0;
    for (String lacking : leftOut(network)) {
      Map<String, Integer> prefixes = prefixes(network, tensors.keySet(), lacking);
      List<Matching> fitting = new ArrayList<>();
      for (Map.Entry<String, Integer> found : prefixes.entrySet()) {
        boolean nearer =
            found.getValue() > most
                || (found.getValue() == most
                    && AVERAGE.test(nearest.prefix)
                    && !AVERAGE.test(found.getKey()));
        if (nearer || found.getValue() >= required) {
          Matching match = new Matching(network, tensors, found.getKey(), lacking);
          if (match.fits()) {
            fitting.add(match);
          }
          if (nearer) {
            most = found.getValue();
            nearest = match;
          }
        }
      }
      if (!fitting.isEmpty()) {
        return fitting;
      }
    }
    return List.of(nearest);
  }

  /** Matches under a given prefix. */
  static Matching under(String prefix, Network network, Map<String, WeightTensor> tensors) {
    if (tensors.keySet().stream().noneMatch(name -> name.startsWith(prefix))) {
      throw new ModelLoadException(
          "no name in the checkpoint starts with the prefix \"%s\"; they start with %s"
              .formatted(
                  prefix,
                  Weights.joined(
                      tensors.keySet().stream()
                          .map(Matching::first)
                          .distinct()
                          .sorted()
                          .toList())));
    }
    return best(prefix, network, tensors);
  }

  /** Matches the names as they are. */
  static Matching withoutPrefix(Network network, Map<String, WeightTensor> tensors) {
    return best("", network, tensors);
  }

  private static Matching best(String prefix, Network network, Map<String, WeightTensor> tensors) {
    return leftOut(network).stream()
        .map(lacking -> new Matching(network, tensors, prefix, lacking))
        .reduce((a, b) -> b.matched.size() > a.matched.size() ? b : a)
        .orElseThrow();
  }

  /** Whether all parameters are among the names of tensors, whatever their shapes. */
  static boolean hasNamesOf(Network network, Set<String> tensors) {
    int required = required(network);
    return leftOut(network).stream()
        .flatMap(lacking -> prefixes(network, tensors, lacking).values().stream())
        .anyMatch(found -> found >= required);
  }

  /** Whether tensors are the whole weights of a network, under one prefix or several. */
  static boolean fits(Network network, Map<String, WeightTensor> tensors) {
    Matching match = nearest(network, tensors);
    return match.fits() && match.leftOver.isEmpty();
  }

  private static Matching theOne(Network network, List<Matching> fitting) {
    List<Matching> own = fitting.stream().filter(match -> !AVERAGE.test(match.prefix)).toList();
    List<Matching> choice = own.isEmpty() ? fitting : own;
    if (choice.size() > 1) {
      throw new ModelLoadException(
          ("the checkpoint has several sets of weights that fit %s, with the prefixes %s; choose"
                  + " one with --prefix, or with the prefix argument of Conversion.of")
              .formatted(
                  network,
                  choice.stream()
                      .map(match -> match.prefix.isEmpty() ? "(none)" : match.prefix)
                      .collect(Collectors.joining(", "))));
    }
    return choice.get(0);
  }

  /** What the names may omit: nothing, or a first part. */
  private static List<String> leftOut(Network network) {
    List<String> names = network.parameters().stream().map(Parameter::name).toList();
    Set<String> parts = new LinkedHashSet<>();
    parts.add("");
    names.stream().filter(name -> name.contains(".")).map(Matching::first).forEach(parts::add);
    return parts.stream()
        .filter(
            part -> names.stream().map(n -> without(part, n)).distinct().count() == names.size())
        .toList();
  }

  /** Counts the parameters found under each prefix. */
  private static Map<String, Integer> prefixes(
      Network network, Set<String> tensors, String lacking) {
    Set<String> names =
        network.parameters().stream()
            .map(parameter -> without(lacking, parameter.name()))
            .collect(Collectors.toSet());
    Map<String, Integer> prefixes = new TreeMap<>();
    for (String tensor : tensors) {
      int start = 0;
      do {
        if (names.contains(tensor.substring(start))) {
          prefixes.merge(tensor.substring(0, start), 1, Integer::sum);
        }
        start = tensor.indexOf('.', start) + 1;
      } while (start > 0);
    }
    return prefixes;
  }

  private static int required(Network network) {
    return network.parameters().size() - network.auxiliaryParameters().size();
  }

  private static String without(String part, String name) {
    return name.startsWith(part) ? name.substring(part.length()) : name;
  }

  /** The first part of a name, with its dot if more follows. */
  private static String first(String name) {
    int dot = name.indexOf('.');
    return dot < 0 ? name : name.substring(0, dot + 1);
  }

  private boolean fits() {
    return missing.isEmpty() && misshapen.isEmpty();
  }

  /** Whether most of the parameters are there, whatever their shapes. */
  boolean hasMost() {
    return matched.size() + misshapen.size() > missing.size();
  }

  /** Whether each first name part has either all of its parameters or none. */
  boolean lacksParts() {
    Set<String> there = matched.keySet().stream().map(Matching::first).collect(Collectors.toSet());
    return !there.isEmpty() && missing.stream().map(Matching::first).noneMatch(there::contains);
  }

  /** The shapes that differ, one phrase each. */
  List<String> otherShapes() {
    return misshapen.entrySet().stream()
        .map(
            other ->
                "%s is %s but should be %s"
                    .formatted(
                        prefix + without(lacking, other.getKey().name()),
                        other.getValue().shape(),
                        other.getKey().shape()))
        .toList();
  }

  /** How the names were changed, one note each, and what was skipped. */
  List<String> notes(List<String> skipped) {
    List<String> notes = new ArrayList<>();
    if (!prefix.isEmpty()) {
      notes.add("removed the prefix \"%s\" from the names in the checkpoint".formatted(prefix));
    }
    if (!lacking.isEmpty()) {
      notes.add("added \"%s\" to the names in the checkpoint".formatted(lacking));
    }
    if (!skipped.isEmpty()) {
      notes.add("skipped tensors that the network does not use: " + grouped(skipped));
    }
    return notes;
  }

  /** Lists names by their first part: {@code other.* (2)}. */
  static String grouped(List<String> names) {
    Map<String, List<String>> groups =
        names.stream()
            .collect(Collectors.groupingBy(Matching::first, TreeMap::new, Collectors.toList()));
    return Weights.joined(
        groups.entrySet().stream()
            .map(
                group ->
                    group.getValue().size() == 1
                        ? group.getValue().get(0)
                        : "%s* (%d)".formatted(group.getKey(), group.getValue().size()))
            .toList());
  }
}
