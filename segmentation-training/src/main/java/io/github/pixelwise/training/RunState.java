package io.github.pixelwise.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Where a run is, apart from its tensors.
 *
 * @param network the network: its name, its number of parameters, and its number of classes
 * @param recipe the settings by key; a run can only be resumed with the same ones
 * @param epoch how many epochs are done
 * @param step how many steps are done
 * @param best the best metric so far; infinite, and worse than any, before the first validation
 * @param bestEpoch the epoch that had it, from 1; 0 if there is none
 * @param threads the number of PyTorch's threads, which decides how sums are rounded; 0 if it is
 *     not known
 * @param states the states of the schedule, of the stopping rule, and so on, by key
 */
record RunState(
    String network,
    Map<String, String> recipe,
    int epoch,
    long step,
    double best,
    int bestEpoch,
    int threads,
    Map<String, String> states) {
  private static final String RECIPE = "recipe.";
  private static final String STATE = "state.";

  RunState {
    recipe = Map.copyOf(recipe);
    states = Map.copyOf(states);
  }

  /** Describes each setting that is not the same: {@code lr is 0.01 and was 0.007}. */
  static List<String> changes(Map<String, String> before, Map<String, String> now) {
    List<String> changes = new ArrayList<>();
    TreeSet<String> keys = new TreeSet<>(before.keySet());
    keys.addAll(now.keySet());
    for (String key : keys) {
      String old = before.getOrDefault(key, "not set");
      String current = now.getOrDefault(key, "not set");
      if (!old.equals(current)) {
        changes.add("%s is %s and was %s".formatted(key, current, old));
      }
    }
    return changes;
  }

  void writeTo(Properties text) {
    text.setProperty("network", network);
    text.setProperty("epoch", Integer.toString(epoch));
    text.setProperty("step", Long.toString(step));
    text.setProperty("best", Double.toString(best));
    text.setProperty("best-epoch", Integer.toString(bestEpoch));
    text.setProperty("threads", Integer.toString(threads));
    recipe.forEach((key, value) -> text.setProperty(RECIPE + key, value));
    states.forEach((key, value) -> text.setProperty(STATE + key, value));
  }

  /**
   * @throws IllegalArgumentException if a key is missing or not a number
   */
  static RunState of(Properties text) {
    return new RunState(
        required(text, "network"),
        under(RECIPE, text),
        Integer.parseInt(required(text, "epoch")),
        Long.parseLong(required(text, "step")),
        Double.parseDouble(required(text, "best")),
        Integer.parseInt(required(text, "best-epoch")),
        Integer.parseInt(text.getProperty("threads", "0")),
        under(STATE, text));
  }

  static String required(Properties text, String key) {
    String value = text.getProperty(key);
    if (value == null) {
      throw new IllegalArgumentException("it has no " + key);
    }
    return value;
  }

  private static Map<String, String> under(String prefix, Properties text) {
    Map<String, String> values = new TreeMap<>();
    for (String key : text.stringPropertyNames()) {
      if (key.startsWith(prefix)) {
        values.put(key.substring(prefix.length()), text.getProperty(key));
      }
    }
    return values;
  }
}
