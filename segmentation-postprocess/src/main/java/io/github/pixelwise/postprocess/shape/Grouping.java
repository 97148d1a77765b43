package io.github.pixelwise.postprocess.shape;

/**
 * Things in the order of their groups, and within a group in their own order.
 *
 * @param firsts the position of the first of each group, and one past the last
 * @param order the things at each position
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Grouping(int[] firsts, int[] order) {
  /**
   * Sorts things.
   *
   * @param groups the group of each thing
   * @param count the number of groups
   */
  static Grouping of(int[] groups, int count) {
    int[] firsts = new int[count + 1];
    for (int group : groups) {
      firsts[group + 1]++;
    }
    for (int group = 0; group < count; group++) {
      firsts[group + 1] += firsts[group];
    }
    int[] next = firsts.clone();
    int[] order = new int[groups.length];
    for (int i = 0; i < groups.length; i++) {
      order[next[groups[i]]++] = i;
    }
    return new Grouping(firsts, order);
  }

  /** {@return the position of each thing} */
  int[] positions() {
    int[] positions = new int[order.length];
    for (int position = 0; position < order.length; position++) {
      positions[order[position]] = position;
    }
    return positions;
  }
}
