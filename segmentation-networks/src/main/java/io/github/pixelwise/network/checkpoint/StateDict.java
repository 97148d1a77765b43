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

/** The named tensors in what a pickle of PyTorch holds. */
final class StateDict {
  /** What training programs call the state dict that they save among other things. */
  private static final List<String> USUAL_KEYS =
      List.of("state_dict", "model_state_dict", "model_state", "model");

  /** How many dictionaries may lie around the state dict. */
  private static final int MAX_LEVELS = 4;

  /** Modules within modules; those of networks are about ten deep. */
  private static final int MAX_DEPTH = 100;

  /** Of all names with the paths before them; those of networks take about 1 MB. */
  private static final int MAX_BYTES = 8 << 20;

  /** What a name takes beside its letters. */
  private static final int NAME_BYTES = 64;

  /** Classes beyond this are not listed. */
  private static final int LISTED = 3;

  private final Map<String, Tensor> tensors = new LinkedHashMap<>();
  private final List<String> passedOver = new ArrayList<>();

  // Each dictionary once, however many keys and containers lead to it: a hostile file has
  // thousands.
  private final Set<Map<String, Object>> seen = Collections.newSetFromMap(new IdentityHashMap<>());
  private final IdentityHashMap<Map<String, Object>, Boolean> weights = new IdentityHashMap<>();

  private int bytes;

  /**
   * A dictionary and where it is.
   *
   * @param path the keys that lead to it, each followed by a dot
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
   * @param root what the pickle holds
   * @return the tensors
   * @throws IOException if there is none, or anything else that no tensor can be made of
   */
  static StateDict find(Object root) throws IOException {
    StateDict found = new StateDict();
    if (TorchObjects.isModule(root)) {
      found.addModule((PickleContainer) root, "", 0);
      if (found.tensors.isEmpty()) {
        throw new IOException(
            "it is a TorchScript archive whose modules have no tensors: frozen, perhaps; script or"
                + " trace it again without freezing it");
      }
    } else {
      if (root instanceof Foreign foreign) {
        throw TorchObjects.refusal(foreign.fullName());
      }
      found.addAll(found.choose(root));
    }
    if (found.tensors.size() > PickleReader.MAX_TENSORS) {
      throw new IOException("it names more than " + PickleReader.MAX_TENSORS + " tensors");
    }
    return found;
  }

  /** The tensors by name, in the file's order; at least one. */
  Map<String, Tensor> tensors() {
    return tensors;
  }

  /** Where other weights lie, which are not taken. */
  List<String> passedOver() {
    return passedOver;
  }

  /** Adds the tensors of one place by their names, or of several by the paths to them. */
  private void addAll(List<Place> places) throws IOException {
    for (Place place : places) {
      String path = places.size() == 1 ? "" : place.path;
      for (Map.Entry<String, Object> entry : place.entries.entrySet()) {
        if (entry.getValue() instanceof Foreign foreign) {
          throw new IOException(
              "among its tensors, "
                  + Text.quote(entry.getKey())
                  + " asks for "
                  + Text.quote(foreign.fullName())
                  + ", which is neither a tensor nor a plain container, and is refused; save the"
                  + " model's state_dict() without it");
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
      throw new IOException("the names in it take more than " + MAX_BYTES + " bytes");
    }
  }

  /** Adds what is a tensor. */
  private void add(String name, Object value) throws IOException {
    if (value == Plain.OTHER_TENSOR) {
      throw new IOException(
          "its tensor "
              + Text.quote(name)
              + " is complex, quantized, sparse or without values; expected dense tensors of real"
              + " numbers");
    }
    if (value instanceof Tensor tensor) {
      tensors.put(name, tensor);
    }
  }

  /** Adds a module's tensors, and those of the modules in it, by the path of attributes. */
  private void addModule(PickleContainer module, String path, int depth) throws IOException {
    if (depth > MAX_DEPTH) {
      throw new IOException("modules lie in each other more than " + MAX_DEPTH + " deep");
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

  /** The dictionaries of tensors that the fewest others lie around. */
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

  /** Chooses what lies under a usual key of a dictionary, or else itself, if it has weights. */
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
    // A tensor without axes is a score or an epoch.
    return weights.computeIfAbsent(
        entries,
        e ->
            e.values().stream()
                .anyMatch(value -> value instanceof Tensor t && !t.layout().shape().isEmpty()));
  }

  /** The dictionaries in a dictionary that were not looked at yet. */
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
            ? "nothing with a name"
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
            : " with objects of " + String.join(", ", classes) + ", which are not built here";
    return new IOException(
        "it holds no dictionary of tensors, but %s%s; save the model's state_dict()"
            .formatted(keys, objects));
  }

  private static Map<String, Object> entries(@Nullable Object value) {
    return value instanceof PickleContainer container ? container.entries() : Map.of();
  }
}
