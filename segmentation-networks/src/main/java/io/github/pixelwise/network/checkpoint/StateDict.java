package io.github.pixelwise.network.checkpoint;

import io.github.pixelwise.network.checkpoint.PickleReader.Plain;
import io.github.pixelwise.network.checkpoint.TorchObjects.Foreign;
import io.github.pixelwise.network.checkpoint.TorchObjects.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds the named tensors in the contents of a PyTorch pickle. */
final class StateDict {
  /** The usual keys of a state dict that is saved along with other things. */
  private static final List<String> USUAL_KEYS =
      List.of("state_dict", "model_state_dict", "model_state", "model");

  /** How deeply the state dict may be nested in dictionaries. */
  private static final int MAX_LEVELS = 4;

  /** How deeply modules may be nested. Networks are about ten deep. */
  private static final int MAX_DEPTH = 100;

  /** The most bytes of all names with their paths. Those of networks take about 1 MB. */
  private static final int MAX_BYTES = 8 << 20;

  /** The memory of a name in addition to its characters. */
  private static final int NAME_BYTES = 64;

  /** The most classes a message lists. */
  private static final int LISTED = 3;

  private final Map<String, Tensor> tensors = new LinkedHashMap<>();
  private final List<String> passedOver = new ArrayList<>();

  // Each dictionary is visited once, even if many keys and containers refer to it: a hostile file
  // can have thousands of references.
  private final Set<Map<String, Object>> seen = Collections.newSetFromMap(new IdentityHashMap<>());
  private final IdentityHashMap<Map<String, Object>, Boolean> weights = new IdentityHashMap<>();

  private int bytes;

  /**
   * A dictionary and its path.
   *
   * @param path the keys on the way to it, each followed by a dot
   */
  private record Place(String path, Map<String, Object> entries) {
    Place child(String key) {
      return new Place(path + key + ".", StateDict.entries(entries.get(key)));
    }
  }

  private StateDict() {}

  /**
   * Finds the tensors.
   *
   * @param root the contents of the pickle
   * @return the tensors
   * @throws IOException if there are none, or there is anything among them that is not a tensor
   */
  static StateDict find(Object root) throws IOException {
    StateDict found = new StateDict();
    if (TorchObjects.isModule(root)) {
      found.addModule((PickleContainer) root, "", 0);
      if (found.tensors.isEmpty()) {
        throw new IOException(
            "it is a TorchScript archive without tensors in its modules, probably because it was "
                + "frozen; script or trace the model again without freezing it");
      }
    } else {
      if (root instanceof Foreign foreign) {
        throw TorchObjects.refusal(foreign.fullName());
      }
      found.addAll(found.choose(root));
    }
    if (found.tensors.size() > PickleReader.MAX_TENSORS) {
      throw new IOException("it contains more than " + PickleReader.MAX_TENSORS + " tensors");
    }
    return found;
  }

  /** Returns the tensors by name, in the file's order; at least one. */
  Map<String, Tensor> tensors() {
    return tensors;
  }

  /** Returns the keys of other weights, which are skipped. */
  List<String> passedOver() {
    return passedOver;
  }

  /** Adds the tensors by name, or by path if there are several dictionaries. */
  private void addAll(List<Place> places) throws IOException {
    for (Place place : places) {
      String path = places.size() == 1 ? "" : place.path;
      for (Map.Entry<String, Object> entry : place.entries.entrySet()) {
        if (entry.getValue() instanceof Foreign foreign) {
          throw new IOException(
              "among its tensors, "
                  + Text.quote(entry.getKey())
                  + " needs "
                  + Text.quote(foreign.fullName())
                  + ", which is neither a tensor nor a plain container and is not allowed; save "
                  + "the model's state_dict() without it");
        }
        String name = path + entry.getKey();
        if (!path.isEmpty()) {
          charge(name);
        }
        add(name, entry.getValue());
      }
    }
  }

  private void charge(String name) throws IOException {
    bytes += name.length() + NAME_BYTES;
    if (bytes > MAX_BYTES) {
      throw new IOException("its names take more than " + MAX_BYTES + " bytes");
    }
  }

  /** Adds a value if it is a tensor. */
  private void add(String name, Object value) throws IOException {
    if (value == Plain.OTHER_TENSOR) {
      throw new IOException(
          "its tensor "
              + Text.quote(name)
              + " is complex, quantized, sparse or has no values; expected a dense tensor of real "
              + "numbers");
    }
    if (value instanceof Tensor tensor) {
      tensors.put(name, tensor);
    }
  }

  /** Adds the tensors of a module and its submodules by their attribute paths. */
  private void addModule(PickleContainer module, String path, int depth) throws IOException {
    if (depth > MAX_DEPTH) {
      throw new IOException("modules are nested more than " + MAX_DEPTH + " levels deep");
    }
    for (Map.Entry<String, Object> attribute : module.entries().entrySet()) {
      String name = path + attribute.getKey();
      charge(name);
      add(name, attribute.getValue());
      if (TorchObjects.isModule(attribute.getValue())) {
        addModule((PickleContainer) attribute.getValue(), name + ".", depth + 1);
      }
    }
  }

  /** The least nested dictionaries of tensors. */
  private List<Place> choose(Object root) throws IOException {
    List<Place> level = List.of(new Place("", entries(root)));
    for (int depth = 0; depth < MAX_LEVELS && !level.isEmpty(); depth++) {
      List<Place> chosen = new ArrayList<>();
      for (Place place : level) {
        choose(place, chosen);
      }
      if (!chosen.isEmpty()) {
        return chosen;
      }
      List<Place> next = new ArrayList<>();
      for (Place place : level) {
        next.addAll(nested(place));
      }
      level = next;
    }
    throw nothing(entries(root));
  }

  /** Chooses the value of a usual key, or else the dictionary itself if it has weights. */
  private void choose(Place place, List<Place> chosen) throws IOException {
    for (String key : USUAL_KEYS) {
      Place usual = place.child(key);
      if (holdsWeights(usual.entries)) {
        chosen.add(usual);
        for (String other : place.entries.keySet()) {
          Map<String, Object> beside = place.child(other).entries;
          if (beside != usual.entries && holdsWeights(beside)) {
            charge(place.path + other);
            passedOver.add(place.path + other);
          }
        }
        return;
      }
    }
    if (holdsWeights(place.entries)) {
      chosen.add(place);
    }
  }

  private boolean holdsWeights(Map<String, Object> entries) {
    // A tensor without axes is a metric or an epoch.
    return weights.computeIfAbsent(
        entries,
        e ->
            e.values().stream()
                .anyMatch(value -> value instanceof Tensor t && !t.layout().shape().isEmpty()));
  }

  /** The dictionaries in a dictionary that have not been visited. */
  private List<Place> nested(Place place) throws IOException {
    List<Place> nested = new ArrayList<>();
    for (String key : place.entries.keySet()) {
      Place child = place.child(key);
      if (!child.entries.isEmpty() && seen.add(child.entries)) {
        charge(child.path);
        nested.add(child);
      }
    }
    return nested;
  }

  private static IOException nothing(Map<String, Object> entries) {
    String keys =
        entries.isEmpty()
            ? "no named values"
            : "only the keys " + Text.quote(String.join(", ", entries.keySet()));
    List<String> classes =
        entries.values().stream()
            .filter(Foreign.class::isInstance)
            .map(object -> Text.quote(((Foreign) object).fullName()))
            .distinct()
            .limit(LISTED)
            .toList();
    String objects =
        classes.isEmpty()
            ? ""
            : " with objects of " + String.join(", ", classes) + ", which are not loaded";
    return new IOException(
        "it contains no dictionary of tensors, but %s%s; save the model's state_dict()"
            .formatted(keys, objects));
  }

  private static Map<String, Object> entries(@Nullable Object value) {
    return value instanceof PickleContainer container ? container.entries() : Map.of();
  }
}
