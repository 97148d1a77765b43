package io.github.pixelwise.imaging;

import java.util.Arrays;

/** A prefix code for symbols from 0 on, with the codes that deflate derives from their lengths. */
final class HuffmanCode {
  private static final int LENGTH_BITS = 4;

  /** By symbol: the code, its first bit lowest, above its length; 0 if the symbol has none. */
  private final int[] entries;

  private HuffmanCode(int[] entries) {
    this.entries = entries;
  }

  /** Creates the code whose symbols have these lengths, 0 to 15 bits each. */
  static HuffmanCode ofLengths(int[] lengths) {
    int[] next = new int[1 << LENGTH_BITS];
    for (int length : lengths) {
      next[length]++;
    }
    int code = 0;
    for (int length = 1; length < next.length; length++) {
      int count = next[length];
      next[length] = code;
      code = (code + count) << 1;
    }
    int[] entries = new int[lengths.length];
    for (int i = 0; i < lengths.length; i++) {
      int length = lengths[i];
      if (length > 0) {
        entries[i] =
            Integer.reverse(next[length]++) >>> (Integer.SIZE - length) << LENGTH_BITS | length;
      }
    }
    return new HuffmanCode(entries);
  }

  /**
   * Creates the shortest code for symbols with these frequencies, none longer than {@code longest}
   * bits. At least two symbols get a code, because some decoders require that.
   */
  static HuffmanCode ofFrequencies(int[] frequencies, int longest) {
    long[] rare = byFrequency(frequencies);
    int[] counts = countsOfLengths(rare, longest);
    int[] lengths = new int[frequencies.length];
    int i = 0;
    for (int length = longest; length > 0; length--) {
      for (int n = counts[length]; n > 0; n--) {
        lengths[(int) rare[i++]] = length;
      }
    }
    return ofLengths(lengths);
  }

  /** The symbols in use, the rarest first, each below its frequency. */
  private static long[] byFrequency(int[] frequencies) {
    long[] sorted = new long[frequencies.length];
    int size = 0;
    for (int i = 0; i < frequencies.length; i++) {
      if (frequencies[i] > 0) {
        sorted[size++] = (long) frequencies[i] << Integer.SIZE | i;
      }
    }
    for (int i = 0; size < 2; i++) {
      if (frequencies[i] == 0) {
        sorted[size++] = i;
      }
    }
    Arrays.sort(sorted, 0, size);
    return Arrays.copyOf(sorted, size);
  }

  /** How many symbols get each length. */
  private static int[] countsOfLengths(long[] rare, int longest) {
    int symbols = rare.length;
    int nodes = 2 * symbols - 1;
    long[] weights =
        new long[nodes]; // of the symbols, then of the nodes above them, both ascending
    int[] parents = new int[nodes];
    for (int i = 0; i < symbols; i++) {
      weights[i] = rare[i] >>> Integer.SIZE;
    }
    int symbol = 0;
    int inner = symbols;
    for (int node = symbols; node < nodes; node++) {
      for (int child = 0; child < 2; child++) {
        boolean takeSymbol =
            symbol < symbols && (inner == node || weights[symbol] <= weights[inner]);
        int lightest = takeSymbol ? symbol++ : inner++;
        weights[node] += weights[lightest];
        parents[lightest] = node;
      }
    }
    int[] counts = new int[longest + 1];
    int[] depths = new int[nodes];
    int excess = -1 << longest; // of used code space, in units of one longest code
    for (int node = nodes - 2; node >= 0; node--) {
      depths[node] = depths[parents[node]] + 1;
      if (node < symbols) {
        int length = Math.min(depths[node], longest);
        counts[length]++;
        excess += 1 << (longest - length);
      }
    }
    // A symbol of the longest codes moves beside a shorter one, which grows by a bit.
    for (; excess > 0; excess--) {
      int length = longest - 1;
      while (counts[length] == 0) {
        length--;
      }
      counts[length]--;
      counts[length + 1] += 2;
      counts[longest]--;
    }
    return counts;
  }

  /** The entries by symbol, not copied. */
  int[] entries() {
    return entries;
  }

  /** The bits of an entry's code; 0 if it has none. */
  static int length(int entry) {
    return entry & ((1 << LENGTH_BITS) - 1);
  }

  /** An entry's code, its first bit lowest. */
  static int code(int entry) {
    return entry >>> LENGTH_BITS;
  }
}
