package io.github.pixelwise.network.checkpoint;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A list, tuple, dictionary or TorchScript module in a pickle. It uses identity equality, because
 * comparing or hashing the contents would never end for a container that contains itself.
 */
final class PickleContainer {
  private final String kind;
  private List<Object> items = List.of();
  private Map<String, Object> entries = Map.of();

  /**
   * Creates an empty container.
   *
   * @param kind {@code list}, {@code tuple}, {@code dict} or {@code module}
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

  /** The entries of a dictionary with string keys, in order, or the attributes of a module. */
  Map<String, Object> entries() {
    return entries;
  }

  // Most containers are small, and a hostile pickle can create one per byte. So collections are
  // created on first use and never copied.

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

  /** Shares the entries of another container. */
  void shareEntries(PickleContainer other) {
    entries = other.entries;
  }

  @Override
  public String toString() {
    return kind;
  }
}
