package io.github.pixelwise.imaging;

/** The lengths of a block's codes, as written in its head (RFC 1951, 3.2.7). */
final class CodeLengths {
  private static final int LONGEST_CODE = 7;
  private static final int REPEAT = 16;
  private static final int ZEROS = 17;
  private static final int MANY_ZEROS = 18;
  private static final int[] EXTRA_BITS = {2, 3, 7}; // of the three above
  private static final int[] ORDER = {
    16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15
  };
  private static final int FEWEST_LITERALS = 257;
  private static final int FEWEST_DISTANCES = 1;
  private static final int FEWEST_ORDERED = 4;

  private final int[] symbols;
  private final int[] extras;
  private int size;
  private final int[] frequencies = new int[ORDER.length];

  private CodeLengths(int[] lengths) {
    symbols = new int[lengths.length];
    extras = new int[lengths.length];
    for (int i = 0; i < lengths.length; ) {
      int length = lengths[i];
      int run = 1;
      while (i + run < lengths.length && lengths[i + run] == length) {
        run++;
      }
      i += run;
      if (length > 0) {
        add(length, 0);
        run--;
      }
      while (run >= 3) {
        int part;
        if (length > 0) {
          part = Math.min(run, 6);
          add(REPEAT, part - 3);
        } else if (run <= 10) {
          part = run;
          add(ZEROS, part - 3);
        } else {
          part = Math.min(run, 138);
          add(MANY_ZEROS, part - 11);
        }
        run -= part;
      }
      for (; run > 0; run--) {
        add(length, 0);
      }
    }
  }

  private void add(int symbol, int extra) {
    symbols[size] = symbol;
    extras[size++] = extra;
    frequencies[symbol]++;
  }

  /** Writes the lengths of two codes. */
  static void write(HuffmanCode literals, HuffmanCode distances, BitWriter out) {
    int literalCount = used(literals, FEWEST_LITERALS);
    int distanceCount = used(distances, FEWEST_DISTANCES);
    out.put(literalCount - FEWEST_LITERALS, 5);
    out.put(distanceCount - FEWEST_DISTANCES, 5);
    int[] lengths = new int[literalCount + distanceCount];
    for (int i = 0; i < literalCount; i++) {
      lengths[i] = HuffmanCode.length(literals.entries()[i]);
    }
    for (int i = 0; i < distanceCount; i++) {
      lengths[literalCount + i] = HuffmanCode.length(distances.entries()[i]);
    }
    new CodeLengths(lengths).write(out);
  }

  private static int used(HuffmanCode code, int fewest) {
    int count = code.entries().length;
    while (count > fewest && code.entries()[count - 1] == 0) {
      count--;
    }
    return count;
  }

  private void write(BitWriter out) {
    int[] code = HuffmanCode.ofFrequencies(frequencies, LONGEST_CODE).entries();
    int ordered = ORDER.length;
    while (ordered > FEWEST_ORDERED && code[ORDER[ordered - 1]] == 0) {
      ordered--;
    }
    out.put(ordered - FEWEST_ORDERED, 4);
    for (int i = 0; i < ordered; i++) {
      out.put(HuffmanCode.length(code[ORDER[i]]), 3);
    }
    for (int i = 0; i < size; i++) {
      int entry = code[symbols[i]];
      out.put(HuffmanCode.code(entry), HuffmanCode.length(entry));
      if (symbols[i] >= REPEAT) {
        out.put(extras[i], EXTRA_BITS[symbols[i] - REPEAT]);
      }
    }
  }
}
