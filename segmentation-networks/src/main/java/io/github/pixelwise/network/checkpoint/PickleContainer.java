package io.github.pixelwise.network.checkpoint;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A list, tuple, dictionary or TorchScript module of a pickle. It is equal to itself only:
 * comparing or hashing by content would never end on one that holds itself.
 */
final class PickleContainer {
  private final String kind;
  private List<Object> items = List.of();
  private Map<String, Object> entries = Map.of();

  /**
   * Makes an empty one.
   *
   * @param kind list, tuple, dict or module
   */
  PickleContainer(String kind) {
    this.kind = kind;
  }

  String kind() {
    return kind;
  }

  /** The items of a list or tuple. */
  List<Object> items() {
    return items;
  }

  /** The named entries of a dictionary, in order, or the attributes of a module. */
  Map<String, Object> entries() {
    return entries;
  }

  // Most are small, and a hostile pickle makes one from each byte: nothing is made before it is
  // used, and nothing is copied from one container to another.

  void add(Object item) {
    if (items.isEmpty()) {
      items = new ArrayList<>(1);
    }
    items.add(item);
  }

  void put(String name, Object value) {
    if (entries.isEmpty()) {
      entries = new LinkedHashMap<>();
    }
    entries.put(name, value);
  }

  /** Takes the entries of another for its own. */
  void shareEntries(PickleContainer other) {
    entries = other.entries;
  }

  @Override
  public String toString() {
    return kind;
  }
}
