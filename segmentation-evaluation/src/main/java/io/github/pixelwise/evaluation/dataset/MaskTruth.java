package io.github.pixelwise.evaluation.dataset;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.evaluation.dataset.ClassRules.Colors;
import io.github.pixelwise.imaging.MaskFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A mask file, whose values become classes.
 *
 * @param file the file
 * @param values what its values are
 */
record MaskTruth(Path file, Values values) implements Truth {

  /**
   * What the values of a data set's masks are.
   *
   * @param rules the rules that the tables are from
   * @param indices classes by index
   * @param colors classes by color; empty if masks are read as indices
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Values(ClassRules rules, int[] indices, Optional<Colors> colors) {}

  @Override
  public CategoryMask read() throws IOException {
    MaskFile mask = MaskFile.read(file);
    int[] found = values.colors.isPresent() ? mask.colors() : mask.indices();
    int[] categories = new int[found.length];
    int all = 0;
    if (values.colors.isPresent()) {
      Colors colors = values.colors.get();
      int color = -1; // of the pixel before: most are like their neighbor
      int category = 0;
      for (int i = 0; i < found.length; i++) {
        if (found[i] != color) {
          color = found[i];
          category = colors.category(color);
        }
        categories[i] = category;
        all |= category;
      }
    } else {
      int[] table = values.indices;
      for (int i = 0; i < found.length; i++) {
        categories[i] = table[found[i]];
        all |= categories[i];
      }
    }
    if (all < 0) {
      throw unknown(found, categories);
    }
    return CategoryMask.copyOf(mask.width(), mask.height(), categories);
  }

  private IOException unknown(int[] found, int[] categories) {
    Map<Integer, Long> pixels = new TreeMap<>();
    for (int i = 0; i < found.length; i++) {
      if (categories[i] == ClassRules.UNKNOWN) {
        pixels.merge(found[i], 1L, Long::sum);
      }
    }
    return values.rules.unknown(file, pixels, values.colors.isPresent());
  }
}
