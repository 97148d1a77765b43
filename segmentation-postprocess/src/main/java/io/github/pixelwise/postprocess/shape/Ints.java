package io.github.pixelwise.postprocess.shape;

import java.util.Arrays;

/** A growing list of ints. */
final class Ints {
  /** Arrays cannot be longer in common JVMs. */
  private static final int MAX_LENGTH = Integer.MAX_VALUE - 8;

  private int[] values = new int[64];
  private int size;

  int size() {
    return size;
  }

  int get(int index) {
    return values[index];
  }

  void set(int index, int value) {
    values[index] = value;
  }

  void add(int value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, Math.max(size + 1, (int) Math.min(2L * size, MAX_LENGTH)));
    }
    values[size++] = value;
  }

  /** Removes all from an index on. */
  void truncate(int length) {
    size = length;
  }
}
