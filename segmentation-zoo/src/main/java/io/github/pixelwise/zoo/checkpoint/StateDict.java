package io.github.pixelwise.zoo.checkpoint;

import io.github.pixelwise.zoo.checkpoint.PickleReader.Plain;
import io.github.pixelwise.zoo.checkpoint.TorchObjects.Tensor;
import java.io.IOException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds the named tensors in what a pickle of PyTorch holds. */
final class StateDict {
  /** What training programs call the state dict that they save among other things. */
  private static final List<String> USUAL_KEYS =
      List.of("state_dict", "model_state_dict", "model_state", "model");

  /** Modules within modules; those of networks are about ten deep. */
  private static final int MAX_DEPTH = 100;

  /** Of all attributes with their full names together; those of networks take about 1 MB. */
  private static final int MAX_BYTES = 8 << 20;

  /** What an attribute takes beside its name. */
  private static final int ATTRIBUTE_BYTES = 64;

  private final Map<String, Tensor> tensors = new LinkedHashMap<>();
  private int bytes;

  private StateDict() {}

  /**
   * Finds the tensors.
   *
   * @param root what the pickle holds
   * @return the tensors by name, in the file's order; at least one
   * @throws IOException if there is none, or more than one dictionary of them
   */
  static Map<String, Tensor> find(Object root) throws IOException {
    StateDict found = new StateDict();
    if (TorchObjects.isModule(root)) {
      found.addModule((PickleContainer) root, "", 0);
      if (found.tensors.isEmpty()) {
        throw new IOException(
            "it is a TorchScript archive whose modules have no tensors: frozen, perhaps; script or"
                + " trace it again without freezing it");
      }
    } else {
      for (Map.Entry<String, Object> entry : choose(root).entrySet()) {
        found.add(entry.getKey(), entry.getValue());
      }
    }
    if (found.tensors.size() > PickleReader.MAX_TENSORS) {
      throw new IOException("it names more than " + PickleReader.MAX_TENSORS + " tensors");
    }
    return found.tensors;
  }

  /** Adds what is a tensor. */
  private void add(String name, Object value) throws IOException {
    if (value == Plain.OTHER_TENSOR) {
      throw new IOException(
          "its tensor "
              + Text.quote(name)
              + " is complex, quantised, sparse or without values; expected dense tensors of real"
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
      bytes += name.length() + ATTRIBUTE_BYTES;
      if (bytes > MAX_BYTES) {
        throw new IOException(
            "the attributes of its modules take more than " + MAX_BYTES + " bytes");
      }
      add(name, attribute.getValue());
      if (TorchObjects.isModule(attribute.getValue())) {
        addModule((PickleContainer) attribute.getValue(), name + ".", depth + 1);
      }
    }
  }

  /** The state dict: under a usual key, or the whole, or the only other dictionary of tensors. */
  private static Map<String, Object> choose(Object root) throws IOException {
    Map<String, Object> entries = entries(root);
    for (String key : USUAL_KEYS) {
      Object nested = entries.get(key);
      if (nested != null && holdsTensors(entries(nested))) {
        return entries(nested);
      }
    }
    if (holdsTensors(entries)) {
      return entries;
    }
    // Each once, however many keys and containers lead to it: a hostile file has thousands.
    Set<Map<String, Object>> nested = Collections.newSetFromMap(new IdentityHashMap<>());
    entries.values().forEach(value -> nested.add(entries(value)));
    nested.removeIf(candidate -> !holdsTensors(candidate));
    if (nested.size() == 1) {
      return nested.iterator().next();
    }
    String keys = Text.quote(String.join(", ", entries.keySet()));
    if (nested.size() > 1) {
      throw new IOException(
          "it holds several dictionaries of tensors under the keys "
              + keys
              + "; save the model's alone, or under the key 'state_dict'");
    }
    throw new IOException(
        "it holds no dictionary of tensors, but "
            + (entries.isEmpty() ? "nothing with a name" : "only the keys " + keys)
            + "; save the model's state_dict()");
  }

  private static Map<String, Object> entries(Object value) {
    return value instanceof PickleContainer container ? container.entries() : Map.of();
  }

  private static boolean holdsTensors(Map<String, Object> entries) {
    return entries.values().stream().anyMatch(Tensor.class::isInstance);
  }
}
