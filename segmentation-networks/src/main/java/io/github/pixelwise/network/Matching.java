package io.github.pixelwise.network;

import io.github.pixelwise.ModelLoadException;
import io.github.pixelwise.network.checkpoint.WeightTensor;
import java.util.ArrayList;
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
 * A network's parameters among the tensors of a checkpoint, where a prefix may stand before all of
 * their names, and the first part of some may be left out.
 */
final class Matching {
  /** Parts of names whose tensors are a running average of the weights. */
  private static final Predicate<String> AVERAGE =
      Pattern.compile("(?i)(^|[._])(ema|swa|averaged?)([._]|$)").asPredicate();

  /** First parts of names whose tensors only training needs. */
  private static final Predicate<String> TRAINING =
      Pattern.compile("(?i)criteri|loss|metric").asPredicate();

  /** What stands before every name, each part with its dot; mostly nothing. */
  final String prefix;

  /** The first part of parameters' names that the checkpoint leaves out; mostly nothing. */
  final String lacking;

  /** The tensors that fit, by their parameters' names. */
  final Map<String, WeightTensor> matched = new TreeMap<>();

  final List<String> missing = new ArrayList<>();
  final List<String> misshapen = new ArrayList<>();

  /** The names under the prefix that no parameter has, although they look like a network's. */
  final List<String> leftOver = new ArrayList<>();

  /** The other names that no parameter has. */
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
        misshapen.add(
            "%s is %s and should be %s".formatted(name, tensor.shape(), parameter.shape()));
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
   * Finds the prefix under which every parameter fits; else one under which many are found.
   *
   * @throws ModelLoadException if every parameter fits under several; the message lists them
   */
  static Matching find(Network network, Map<String, WeightTensor> tensors) {
    Matching nearest = new Matching(network, tensors, "", "");
    int most = 0;
    for (String lacking : leftOut(network)) {
      Map<String, Integer> prefixes = prefixes(network, tensors.keySet(), lacking);
      List<Matching> fitting = new ArrayList<>();
      for (Map.Entry<String, Integer> found : prefixes.entrySet()) {
        if (found.getValue() > most || found.getValue() >= required(network)) {
          Matching match = new Matching(network, tensors, found.getKey(), lacking);
          if (match.fits()) {
            fitting.add(match);
          }
          if (found.getValue() > most) {
            most = found.getValue();
            nearest = match;
          }
        }
      }
      if (!fitting.isEmpty()) {
        return theOne(network, fitting);
      }
    }
    return nearest;
  }

  /** Matches under a prefix that is given. */
  static Matching under(String prefix, Network network, Map<String, WeightTensor> tensors) {
    if (tensors.keySet().stream().noneMatch(name -> name.startsWith(prefix))) {
      throw new ModelLoadException(
          "no name in the checkpoint begins with the prefix \"%s\"; they begin with %s"
              .formatted(
                  prefix,
                  Weights.joined(
                      tensors.keySet().stream()
                          .map(Matching::first)
                          .distinct()
                          .sorted()
                          .toList())));
    }
    return leftOut(network).stream()
        .map(lacking -> new Matching(network, tensors, prefix, lacking))
        .reduce((a, b) -> b.matched.size() > a.matched.size() ? b : a)
        .orElseThrow();
  }

  private static Matching theOne(Network network, List<Matching> fitting) {
    List<Matching> own = fitting.stream().filter(match -> !AVERAGE.test(match.prefix)).toList();
    List<Matching> choice = own.isEmpty() ? fitting : own;
    if (choice.size() > 1) {
      throw new ModelLoadException(
          ("the checkpoint has several weights that fit %s, whose names begin with %s: say which to"
                  + " take by --prefix, or the prefix of Conversion.of in a program")
              .formatted(
                  network,
                  choice.stream()
                      .map(match -> match.prefix.isEmpty() ? "nothing" : match.prefix)
                      .collect(Collectors.joining(", "))));
    }
    return choice.get(0);
  }

  /** What can be left out of the names: nothing, or their first part where it stands. */
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

  /** What stands before parameters' names, and before how many. */
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

  /** Whether some first parts of the names have all of their parameters, and others none. */
  boolean lacksParts() {
    Set<String> there = matched.keySet().stream().map(Matching::first).collect(Collectors.toSet());
    return !there.isEmpty() && missing.stream().map(Matching::first).noneMatch(there::contains);
  }

  /** What was done to the names, a sentence each. */
  List<String> notes() {
    List<String> notes = new ArrayList<>();
    if (!prefix.isEmpty()) {
      notes.add("took \"%s\" off the names in the checkpoint".formatted(prefix));
    }
    if (!lacking.isEmpty()) {
      notes.add("the names in the checkpoint lack \"%s\"; put it there".formatted(lacking));
    }
    if (!passedOver.isEmpty()) {
      Map<String, List<String>> groups =
          passedOver.stream()
              .collect(Collectors.groupingBy(Matching::first, TreeMap::new, Collectors.toList()));
      notes.add(
          "passed over what is not the network's in the checkpoint: "
              + Weights.joined(
                  groups.entrySet().stream()
                      .map(
                          group ->
                              group.getValue().size() == 1
                                  ? group.getValue().get(0)
                                  : "%s* (%d)".formatted(group.getKey(), group.getValue().size()))
                      .toList()));
    }
    return notes;
  }
}
